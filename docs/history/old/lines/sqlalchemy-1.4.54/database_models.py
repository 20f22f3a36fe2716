"""Old lines of the page on models; each function returns what came of it."""

from sqlalchemy import Column, Integer


def nullable():
    return Column(Integer, primary_key=True).nullable
