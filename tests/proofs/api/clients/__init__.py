"""What a customer would write: a program each on top of a client that a generator made.

``drive.py cancel`` brings an order, cancels, repeats, undoes and cancels again; ``drive.py look``
pays the refund by hand and reads the feed. Each prints what it was told. They know nothing of ours
but the generated client; what happens between the two is our worker's.
"""
