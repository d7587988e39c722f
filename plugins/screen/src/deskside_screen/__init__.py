"""The customer's screen, live"""
