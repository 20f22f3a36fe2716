"""What nox calls: build, serve, translations, doctests, benchmarks, audits."""
