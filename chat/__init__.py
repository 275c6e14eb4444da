"""Where candidates meet speakers: moderated rooms, live.

Five storeys; a module imports only from storeys above its own in this list, or from modules before it in its own:

words   errors, choices, identity
rows    querysets, models
rules   policies, forms
acts    frames, journal, hub, services, public
edges   actions, consumers, longpoll, tasks, views, urls, admin, management
"""
