"""What readers take with them: the site as a zip, and the pages of a language as an ePub and as a PDF."""
