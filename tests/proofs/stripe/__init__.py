"""Refunds and releases over a Stripe that is not Stripe's: localstripe behind a proxy of ours.

The library, its HTTP and the shapes of requests and answers are real. ``server`` runs localstripe
as a process of its own; ``proxy`` stands before it, does right what it does wrong, breaks what a
network and a gateway break, and keeps the ledger that judges. Nothing in it is told of our rows.

What localstripe 1.15 does wrong, and the proxy puts right:

- it ignores idempotency keys: the proxy answers a key as it answered it first, refuses it with
  other parameters (``idempotency_error``), and answers one that is still worked on with 409;
- it refunds more than was charged, and what was never captured: the proxy refuses both;
- its errors have no code: the proxy gives ``resource_missing`` and
  ``payment_intent_unexpected_state``;
- every refund succeeds at once, and none fails: the proxy says otherwise where a test wants it;
- it writes its store into a file that all of them share, and listens to the whole network:
  ``server`` has it do neither.

What is not proven here: how long Stripe knows a key, its limits of calls, which code it gives to
which refusal, how its amounts behave in currencies of zero and three decimals (localstripe takes
any number), and the delivery of webhooks: tests sign their own, with the library's own function.
"""
