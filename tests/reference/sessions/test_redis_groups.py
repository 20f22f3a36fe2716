"""A Redis Cluster of three masters, and a failover by Redis Sentinel, both for real."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from flask import session
from redis import Redis, RedisCluster, Sentinel
from redis.backoff import NoBackoff
from redis.cluster import ClusterNode
from redis.retry import Retry

from proven.claims.proofs import proves
from snippets.sessions import RedisSessionInterface
from tests import servers
from tests.reference.sessions.contract import Browser, Site, Subject
from tests.servers import Server, free_port, running, wait_for

# Cluster.


@pytest.fixture
def cluster(redis_cluster: list[Server]) -> Iterator[RedisCluster]:
    with RedisCluster(startup_nodes=[ClusterNode("127.0.0.1", redis_cluster[0].port)]) as client:
        client.flushall()
        yield client


@proves("reference/sessions", "A Redis Cluster distributes the sessions over its masters.")
def test_sessions_are_spread_over_the_masters_of_a_cluster(
    cluster: RedisCluster, redis_cluster: list[Server]
) -> None:
    site = Site(Subject(lambda **options: RedisSessionInterface(cluster, **options)))
    visitors = [site.visitor(number=number) for number in range(60)]
    assert [browser.data() for browser in visitors] == [{"number": n} for n in range(60)]
    for browser in visitors[:30]:
        old = browser.twin()
        browser.visit(lambda: site.interface.regenerate(session))
        assert old.data() == {}
    for browser in visitors[30:]:
        browser.visit(lambda: site.interface.destroy(session))
    assert [browser.data() for browser in visitors[:30]] == [{"number": n} for n in range(30)]
    counts = []
    for master in redis_cluster:
        with Redis(port=master.port) as client:
            # Beside the sessions, there are notes on those that have ended.
            counts.append(sum(not key.endswith(b".ended") for key in client.scan_iter()))
    assert sum(counts) == 30
    assert all(counts)


def test_a_cluster_that_is_down_is_an_error_of_the_backend() -> None:
    options = ("--cluster-enabled", "yes", "--cluster-port", str(free_port()))
    with running(servers.redis(*options)) as server:
        with Redis(port=server.port) as client:
            client.execute_command("CLUSTER ADDSLOTSRANGE", 0, 16_383)
            wait_for(lambda: client.cluster("INFO")["cluster_state"] == "ok")
        nodes = [ClusterNode("127.0.0.1", server.port)]
        retry = Retry(NoBackoff(), 0)
        with RedisCluster(startup_nodes=nodes, socket_timeout=1, retry=retry) as cluster:
            site = Site(Subject(lambda **options: RedisSessionInterface(cluster, **options)))
            browser = site.visitor(user="ada")
            server.kill()
            for view in (lambda: session["user"], lambda: session.update(n=1)):
                visit = browser.visit(view, fails=True)
                assert visit.response.status_code == 503
                assert visit.set_cookie is None
            assert site.browser().visit(lambda: session.update(n=1), fails=True).error is None


# Sentinel.


class Group:
    """A master with a replica, watched by three sentinels."""

    def __init__(self, stack: ExitStack) -> None:
        self.master = stack.enter_context(running(servers.redis()))
        replica_of = ("--replicaof", f"127.0.0.1 {self.master.port}")
        self.replica = stack.enter_context(running(servers.redis(*replica_of)))
        with Redis(port=self.replica.port) as client:
            wait_for(lambda: client.info("replication")["master_link_status"] == "up")
        config = (
            f"sentinel monitor shop 127.0.0.1 {self.master.port} 2\n"
            "sentinel down-after-milliseconds shop 500\n"
            "sentinel failover-timeout shop 3000\n"
        )
        self.sentinels = [
            stack.enter_context(running(servers.redis_sentinel(config))) for _ in range(3)
        ]
        for sentinel in self.sentinels:
            with Redis(port=sentinel.port) as client:
                wait_for(lambda: len(client.sentinel_sentinels("shop")) == 2)
                wait_for(lambda: len(client.sentinel_slaves("shop")) == 1)

    def client(self, stack: ExitStack) -> Redis:
        """Return the client that an application has."""
        addresses = [("127.0.0.1", sentinel.port) for sentinel in self.sentinels]
        sentinel = Sentinel(addresses, socket_timeout=1)
        for watcher in sentinel.sentinels:
            stack.callback(watcher.close)
        retry = Retry(NoBackoff(), 0)
        return stack.enter_context(sentinel.master_for("shop", socket_timeout=1, retry=retry))


@pytest.fixture
def group() -> Iterator[tuple[Group, Redis]]:
    with ExitStack() as stack:
        group = Group(stack)
        yield group, group.client(stack)


def works(browser: Browser) -> bool:
    try:
        browser.visit(lambda: session.update(n=session.get("n", 0) + 1))
    except (Exception, AssertionError):
        return False
    return True


@proves(
    "reference/sessions",
    "With Redis Sentinel, requests fail from the moment the master fails until a replica "
    "has taken over.",
    "Then the sessions are available again.",
)
@proves(
    "reference/session-classes",
    "client (RedisClient) -- A redis.Redis, for a single server or from "
    "Sentinel.master_for, or a redis.RedisCluster.",
)
def test_sessions_survive_the_failover_of_a_master(group: tuple[Group, Redis]) -> None:
    servers_of_group, client = group
    site = Site(Subject(lambda **options: RedisSessionInterface(client, **options)))
    visitors = [site.visitor(number=number) for number in range(20)]
    ended = site.visitor(user="ada")
    ended.visit(lambda: site.interface.destroy(session))
    assert client.wait(1, 5000) == 1, "the replica has all of it"

    servers_of_group.master.kill()
    # Until the sentinels agree, there is no master: an error, never a write that is lost.
    visit = visitors[0].visit(lambda: session.update(lost=True), fails=True)
    assert visit.set_cookie is None
    wait_for(lambda: works(visitors[0]))

    assert visitors[0].data() == {"number": 0, "n": 1}
    for number, browser in enumerate(visitors[1:], start=1):
        assert browser.data() == {"number": number}
    assert ended.data() == {}
    with Redis(port=servers_of_group.replica.port) as replica:
        assert replica.info("replication")["role"] == "master"


@proves(
    "reference/sessions",
    "Only writes that had not reached the replica are lost, because Redis responds before "
    "it replicates.",
)
@proves(
    "reference/session-classes",
    "Redis responds before its replicas have the write: if a master fails, the last "
    "writes may be lost.",
)
def test_only_a_write_that_was_not_replicated_yet_is_at_risk(group: tuple[Group, Redis]) -> None:
    servers_of_group, client = group
    site = Site(Subject(lambda **options: RedisSessionInterface(client, **options)))
    browser = site.visitor(n=1)
    assert client.wait(1, 5000) == 1

    # The replica is cut off for a moment, and the master answers all the same.
    servers_of_group.replica.pause()
    with Redis(port=servers_of_group.master.port) as master:
        master.execute_command("CLIENT KILL", "TYPE", "replica")
    browser.visit(lambda: session.update(n=2))
    assert browser.data() == {"n": 2}
    servers_of_group.master.kill()
    servers_of_group.replica.resume()
    wait_for(lambda: site.browser(browser.cookie).data() == {"n": 1})
    assert client.info("replication")["role"] == "master"
    # The session itself goes on.
    browser.visit(lambda: session.update(n=3))
    assert browser.data() == {"n": 3}
