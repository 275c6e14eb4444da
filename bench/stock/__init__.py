"""The same rows behind Django's admin as it comes: what the lists are measured against."""
