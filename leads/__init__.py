"""Where recruiters follow up: requests, candidates, files, counts.

Five storeys; a module imports only from storeys above its own in this list, or from modules before it in its own:

words   errors, choices, identity, attribution, references, search, pictures, turns, texts
rows    querysets, models
rules   stages, policies, retention, eligibility, eligibility_words, forms, eligibility_forms, sheet_forms,
        list_forms, reference_forms
acts    names, lines, sheet, facets, tokens, outbox, mail, counts, erasures, traces, services, day, reports,
        employer, public, documents, records
edges   exports, tasks, middleware, views, look_views, eligibility_views, follow_views, day_views, urls, admin,
        management
"""
