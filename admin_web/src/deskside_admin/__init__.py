"""The panel of Deskside: its tables, what can be done with them, and the pages of administrators."""
