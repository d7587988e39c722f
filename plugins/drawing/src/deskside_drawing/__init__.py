"""Strokes over the customer's windows, from both sides"""
