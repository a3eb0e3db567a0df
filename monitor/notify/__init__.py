"""Telling people: who is owed which news of which alerts, in which words, by which channel.

What it makes true: a transition is in the journal before anybody is told of it, is told once to each person who asked
for it, and is told again by the next run when a channel failed. An alert can be forwarded as it stands, with what was
looked for and where, and with the words to ask for the breakdown back. One digest a run, never one message a table,
never an empty one.

Why this way: `owed` (who must hear what) and `forward` (what is said) are pure functions of the alerts and the
journal; `deliver` alone sends, through channels that know nothing of alerts. Settings name the environment variables
that hold secrets, and a secret is read at the moment it is used.

What it refuses: a secret in the settings file; to print, log or journal one, or a recipient's address; to let one
channel that fails, or one template that is wrong, keep the others from being served.
"""
