"""Real Chromium on the built site. A package, so that the browser ends with its tests and not with the whole run."""
