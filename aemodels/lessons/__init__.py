"""Lessons: Markdown files, read and checked."""
