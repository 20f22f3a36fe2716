"""Every line of code that the site shows, as modules that run."""
