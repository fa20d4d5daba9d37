//! A connection to one server or to a cluster, and commands on it.

use redis::aio::{ConnectionLike, MultiplexedConnection};
use redis::{Arg, Cmd, FromRedisValue, Pipeline, RedisError, RedisFuture, Value};
#[cfg(feature = "redis-cluster")]
use redis::{
    ErrorKind, ServerErrorKind,
    cluster_async::ClusterConnection,
    cluster_routing::{Route, SingleNodeRoutingInfo, SlotAddr},
    cmd,
};

/// A connection. Clones share it.
#[derive(Clone)]
pub(super) enum Link {
    /// To one server: what is at an address, or the primary that a Sentinel named.
    Server(MultiplexedConnection),
    /// To the nodes of a cluster, which it finds and reconnects to by itself.
    #[cfg(feature = "redis-cluster")]
    Cluster(ClusterConnection),
}

/// Commands for one call, and so for one deadline.
#[derive(Clone, Copy)]
pub(super) enum Commands<'a> {
    One(&'a Cmd),
    /// All or none, on one key.
    Atomic(&'a Pipeline),
    /// Each for itself, on a key of its own.
    Each(&'a [Cmd]),
}

impl Commands<'_> {
    /// Whether they may be sent once more where nobody knows if the server has heard them: the same
    /// keys and the same answer come of it. Doubt means no: what counts, what takes a value away and
    /// what asks for a new key would be told of its own first time.
    pub(super) fn are_repeatable(&self) -> bool {
        match self {
            Self::One(command) => is_repeatable(command),
            Self::Atomic(commands) => commands.cmd_iter().all(is_repeatable),
            Self::Each(commands) => commands.iter().all(is_repeatable),
        }
    }
}

fn is_repeatable(command: &Cmd) -> bool {
    const REPEATABLE: [&[u8]; 8] =
        [b"EXISTS", b"GET", b"PEXPIRE", b"PTTL", b"ZADD", b"ZRANGE", b"ZREM", b"ZREMRANGEBYSCORE"];
    let mut words = command.args_iter().filter_map(|argument| match argument {
        Arg::Simple(word) => Some(word),
        _ => None,
    });
    match words.next() {
        // Of a key that is there, and not of a new one; key and value may be any word.
        Some(b"SET") => words.skip(2).any(|word| word == b"XX"),
        Some(name) => REPEATABLE.contains(&name),
        None => false,
    }
}

impl Link {
    pub(super) async fn query<T: FromRedisValue>(
        mut self,
        commands: Commands<'_>,
    ) -> Result<T, RedisError> {
        match commands {
            Commands::One(command) => command.query_async(&mut self).await,
            Commands::Atomic(commands) => commands.query_async(&mut self).await,
            Commands::Each(commands) => {
                #[cfg(feature = "redis-cluster")]
                if let Self::Cluster(_) = &self {
                    return Ok(T::from_redis_value(each_at_its_node(&self, commands).await?)?);
                }
                let mut pipeline = Pipeline::with_capacity(commands.len());
                for command in commands {
                    pipeline.add_command(command.clone());
                }
                pipeline.query_async(&mut self).await
            }
        }
    }
}

/// A transaction on one key. The driver follows a pipeline to where its key is or is going, and not one
/// that it makes a transaction of itself, so this one has the words of one. The server does all of it or
/// nothing: one command that it sends elsewhere aborts the others.
#[cfg(feature = "redis-cluster")]
async fn in_transaction(
    cluster: &mut ClusterConnection,
    commands: &Pipeline,
) -> Result<Vec<Value>, RedisError> {
    let Some(node) = commands.cmd_iter().next().and_then(node_of) else {
        return Err((ErrorKind::Client, "a transaction without a key").into());
    };
    let mut words = Pipeline::with_capacity(commands.len().saturating_add(2));
    words.add_command(cmd("MULTI"));
    for command in commands.cmd_iter() {
        words.add_command(command.clone());
    }
    words.add_command(cmd("EXEC"));
    let mut answers =
        match cluster.route_pipeline(words.clone(), 0, words.len(), node.clone()).await {
            Err(error) => where_it_goes(cluster, error, node, words.cmd_iter()).await?,
            answers => answers?,
        };
    let last = answers.pop().unwrap_or(Value::Nil);
    // Why it was aborted says more than that it was.
    let reason = answers.into_iter().find(|answer| matches!(answer, Value::ServerError(_)));
    match (&last, reason) {
        (Value::ServerError(_), Some(reason)) => Ok(vec![reason.extract_error()?]),
        _ => Ok(vec![last.extract_error()?]),
    }
}

#[cfg(feature = "redis-cluster")]
async fn one(cluster: &mut ClusterConnection, command: &Cmd) -> Result<Value, RedisError> {
    let (error, node) = match (cluster.req_packed_command(command).await, node_of(command)) {
        (Err(error), Some(node)) => (error, node),
        (answer, _) => return answer,
    };
    let mut answers = where_it_goes(cluster, error, node, std::iter::once(command)).await?;
    answers.pop().unwrap_or(Value::Nil).extract_error()
}

/// The node that has the key of a command, which is its first argument.
#[cfg(feature = "redis-cluster")]
fn node_of(command: &Cmd) -> Option<SingleNodeRoutingInfo> {
    match command.args_iter().nth(1) {
        Some(Arg::Simple(key)) => {
            Some(SingleNodeRoutingInfo::SpecificNode(Route::with_key(key, SlotAddr::Master)))
        }
        _ => None,
    }
}

/// Sends what a node has refused, because its key is on its way to another one, once more. The driver goes
/// there itself, but says `ASKING` in a message of its own, and those who share the connection may come in
/// between again and again until it gives up; so `ASKING` comes along here, and where the key is no guest it
/// changes nothing. Any other error is given back.
#[cfg(feature = "redis-cluster")]
async fn where_it_goes(
    cluster: &mut ClusterConnection,
    error: RedisError,
    node: SingleNodeRoutingInfo,
    words: impl Iterator<Item = &Cmd>,
) -> Result<Vec<Value>, RedisError> {
    if error.kind() != ErrorKind::Server(ServerErrorKind::Ask) {
        return Err(error);
    }
    let mut pipeline = Pipeline::new();
    pipeline.add_command(cmd("ASKING"));
    for word in words {
        pipeline.add_command(word.clone());
    }
    let count = pipeline.len();
    let answers = cluster.route_pipeline(pipeline, 0, count, node).await?;
    Ok(answers.into_iter().skip(1).collect())
}

/// A pipeline goes to one node as a whole, so these are sent one by one, and all at once.
#[cfg(feature = "redis-cluster")]
async fn each_at_its_node(link: &Link, commands: &[Cmd]) -> Result<Value, RedisError> {
    let mut asked = tokio::task::JoinSet::new();
    for (place, command) in commands.iter().cloned().enumerate() {
        let mut link = link.clone();
        asked.spawn(async move { (place, command.query_async::<Value>(&mut link).await) });
    }
    let mut answers = asked.join_all().await;
    answers.sort_by_key(|(place, _)| *place);
    answers.into_iter().map(|(_, answer)| answer).collect::<Result<_, _>>().map(Value::Array)
}

impl ConnectionLike for Link {
    fn req_packed_command<'a>(&'a mut self, command: &'a Cmd) -> RedisFuture<'a, Value> {
        match self {
            Self::Server(server) => server.req_packed_command(command),
            #[cfg(feature = "redis-cluster")]
            Self::Cluster(cluster) => Box::pin(one(cluster, command)),
        }
    }

    fn req_packed_commands<'a>(
        &'a mut self,
        commands: &'a Pipeline,
        offset: usize,
        count: usize,
    ) -> RedisFuture<'a, Vec<Value>> {
        match self {
            Self::Server(server) => server.req_packed_commands(commands, offset, count),
            #[cfg(feature = "redis-cluster")]
            Self::Cluster(cluster) => match commands.is_transaction() {
                true => Box::pin(in_transaction(cluster, commands)),
                false => cluster.req_packed_commands(commands, offset, count),
            },
        }
    }

    fn get_db(&self) -> i64 {
        match self {
            Self::Server(server) => server.get_db(),
            #[cfg(feature = "redis-cluster")]
            Self::Cluster(cluster) => cluster.get_db(),
        }
    }
}

#[cfg(test)]
mod tests {
    use redis::{cmd, pipe};

    use super::*;

    #[test]
    fn r215_what_would_be_told_of_its_own_first_time_is_sent_once() {
        let written = |condition: &str| {
            let mut set = cmd("SET");
            set.arg("key").arg("value").arg(condition).arg("PX").arg(1000);
            set
        };
        for (command, is_repeatable) in [
            (cmd("GET").arg("key").clone(), true),
            (cmd("ZREM").arg("key").arg("handle").clone(), true),
            (written("XX"), true),
            (written("NX"), false),
            (cmd("GETDEL").arg("key").clone(), false),
            (cmd("INCR").arg("key").clone(), false),
            (cmd("get").arg("key").clone(), false),
            (Cmd::new(), false),
        ] {
            assert_eq!(Commands::One(&command).are_repeatable(), is_repeatable, "{command:?}");
            let commands = [cmd("GET").arg("key").clone(), command];
            assert_eq!(Commands::Each(&commands).are_repeatable(), is_repeatable);
            let mut atomic = pipe();
            commands.into_iter().for_each(|command| {
                atomic.add_command(command);
            });
            assert_eq!(Commands::Atomic(&atomic).are_repeatable(), is_repeatable);
        }
    }
}
