"""Deskside customer program: the host side of a session on the machine that is shared"""
