"""Files from and to the customer's machine"""
