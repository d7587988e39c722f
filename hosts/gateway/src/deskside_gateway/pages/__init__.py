"""Public pages: small, fast, without account or cookie."""
