"""The engine: what was promised, what was bid, what follows. Pure: time and randomness are handed in.

Start reading at `kernel.py` (how a command becomes events), then `live/room.py` (the words of a live
auction) and `live/event.py` (its machine).
"""
