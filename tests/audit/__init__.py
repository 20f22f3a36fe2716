"""What readers get, measured in Chromium and by Lighthouse: ``python -m tests.audit`` or ``nox -s audit``."""
