"""Where recruiters follow up: requests, candidates, files, counts.

Five storeys; a module imports only from storeys above its own in this list, or from modules before it in its own:

words   errors, choices
rows    querysets, models
rules   stages, policies, forms
acts    mail, counts, services, public, reports
edges   exports, tasks, views, urls, admin, management
"""
