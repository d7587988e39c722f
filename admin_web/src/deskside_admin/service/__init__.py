"""What can be done with the tables, one module per noun; synchronous, and without any page.

Functions take an open database session and leave the commit to the caller, unless they say otherwise.
"""
