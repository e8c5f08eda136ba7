"""What a program and its workers say to beanstalkd: jobs put, reserved, deleted, buried; errors; one that waits in vain."""

import sys

import greenstalk

client = greenstalk.Client((sys.argv[1], 11300), use="mail", watch="mail")
jobs = [client.put(f'{{"to": "user{n}@example.com"}}', ttr=5) for n in range(5)]
client.put("x" * 5000, delay=60)
for _ in range(2):
    client.delete(client.reserve())
client.bury(client.reserve())
client.release(client.reserve(), delay=30)
client.kick(10)
client.peek(jobs[4])
client.stats_job(jobs[4])
client.stats()
client.tubes()
for wrong in (lambda: client.peek(4711), lambda: client.delete(4711), lambda: client.reserve_job(4711)):
    try:
        wrong()
    except greenstalk.NotFoundError:
        pass
client.watch("empty")
client.ignore("mail")
try:
    client.reserve(timeout=1)
except greenstalk.TimedOutError:
    pass
client.close()
