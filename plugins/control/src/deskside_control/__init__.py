"""Mouse and keyboard of the customer's machine"""
