"""Sentences for people, in Indonesian and English."""
