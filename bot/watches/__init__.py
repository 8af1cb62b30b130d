"""Standing questions, and the rules by which new sentences become alerts. Pure: no table, no library, no clock.

watch.py      what a watch is, and how strict; a chat's rhythm
request.py    the words of /watch and /digest into values
matching.py   which new sentences answer which watches
facts.py      whether two alerts say the same
noise.py      whether an alert goes out now, or waits for a digest, and until when
"""
