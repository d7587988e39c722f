"""Text chat between everyone in a session"""
