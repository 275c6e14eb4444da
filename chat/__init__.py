"""Where candidates meet speakers: moderated rooms, live.

Five storeys; a module imports only from storeys above its own in this list, or from modules before it in its own:

words   errors, choices, identity, trigrams
rows    querysets, models, statements
rules   policies, forms, similarity, intake
acts    threads, frames, journal, readers, streams, hub, services, desk, texts, figures, report, public
edges   actions, grouping, consumers, longpoll, routes, tasks, visits, waits, views, asking_views, console_views, urls,
        admin, management
"""
