//! Interruption of processes: each runs one flow on an SQLite file, stops at its point, and is
//! killed there by a signal that it does not see.

use std::path::PathBuf;
use std::process::Stdio;

use serde_json::json;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

use super::{
    Browser, Folder, InFile, JANE, NAME, Outside, Server, at_every_point, is_good, stopped_after,
};

/// What the process that this one starts has to do: the folder of the database, the flow, the
/// point, and what the flow needs, a line each.
const VARIABLE: &str = "TYPEGATE_TEST_ORDER";
const WAITING: &str = "it waits";
const THROUGH: &str = "it got through";

/// Kills a process in its flow; whether that got through before.
async fn is_killed(folder: &InFile, flow: &str, point: usize, input: &str) -> bool {
    let order = format!("{}\n{flow}\n{point}\n{input}", folder.0.0.display());
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["interruption::killed_process::the_process", "--exact", "--nocapture"])
        .env(VARIABLE, order)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap()).lines();
    loop {
        // Past what the test harness prints.
        let line = output.next_line().await.unwrap().expect("the process is alive");
        if line.contains(WAITING) || line.contains(THROUGH) {
            child.kill().await.unwrap();
            return line.contains(THROUGH);
        }
    }
}

/// Does nothing unless [`is_killed`] started it.
#[tokio::test]
async fn the_process() {
    let Ok(order) = std::env::var(VARIABLE) else { return };
    let [folder, flow, point, input] = order.split('\n').collect::<Vec<_>>()[..] else {
        panic!("{order}");
    };
    // Never dropped: the folder belongs to the other process.
    let outside = Outside::around(InFile(Folder(PathBuf::from(folder))));
    let server = outside.start_server().await;
    let mut browser = server.browser();
    let point = point.parse().unwrap();
    match flow {
        "sign-in" => {
            let back = server.go_away(&mut browser, "idp").await;
            stand_still(point, browser.get(&back)).await;
        }
        "request" => {
            let form = [("csrfToken", &*browser.csrf_token().await), ("email", JANE)];
            stand_still(point, browser.submit("/api/auth/signin/email", &form)).await;
        }
        "link" => stand_still(point, browser.get(input)).await,
        "sign-out" => {
            browser.jar.plant(NAME, input);
            let form = [("csrfToken", &*browser.csrf_token().await)];
            stand_still(point, browser.submit("/api/auth/signout", &form)).await;
        }
        other => panic!("{other}"),
    }
    println!("{THROUGH}");
    loop {
        std::thread::park();
    }
}

/// Stands still where a flow waits once more than `point` times, until the process is killed.
async fn stand_still<T>(point: usize, flow: impl Future<Output = T>) {
    let stop = || {
        println!("{WAITING}");
        loop {
            std::thread::park();
        }
    };
    stopped_after(point, flow, stop).await;
}

/// A server in this process, on the database that the other one leaves.
async fn with_server(
    outside: &Outside<InFile>,
    check: impl AsyncFnOnce(&Server<'_, InFile>, Browser),
) {
    let server = outside.start_server().await;
    check(&server, server.browser()).await;
}

#[tokio::test]
async fn r107_a_process_may_be_killed_in_a_first_sign_in() {
    let points = at_every_point(async |point| {
        let outside = Outside::<InFile>::new().await;
        let through = is_killed(&outside.place, "sign-in", point, "").await;
        with_server(&outside, async |server, mut browser| {
            server.sign_in(&mut browser, "idp").await;
            server.expect_accounts(&[("idp", super::SUBJECT)]).await;
        })
        .await;
        through
    });
    assert!(points.await >= 11);
}

#[tokio::test]
async fn r107_a_process_may_be_killed_in_a_request_for_a_link() {
    let points = at_every_point(async |point| {
        let outside = Outside::<InFile>::new().await;
        let through = is_killed(&outside.place, "request", point, "").await;
        with_server(&outside, async |server, mut browser| {
            server.sign_in_by_link(&mut browser, JANE).await;
            server.expect_accounts(&[]).await;
        })
        .await;
        through
    });
    assert!(points.await >= 5);
}

#[tokio::test]
async fn r107_a_process_may_be_killed_where_a_link_is_used() {
    let points = at_every_point(async |point| {
        let outside = Outside::<InFile>::new().await;
        let server = outside.start_server().await;
        let link = server.ask(&mut server.browser(), JANE).await;
        drop(server);
        let through = is_killed(&outside.place, "link", point, &link).await;
        with_server(&outside, async |server, mut browser| {
            let before = server.sessions(JANE).await;
            let again = is_good(&mut browser, &link).await;
            assert!(before + usize::from(again) <= 1, "one link, one session");
            assert!(!is_good(&mut server.browser(), &link).await);
            server.sign_in_by_link(&mut server.browser(), JANE).await;
            server.expect_accounts(&[]).await;
        })
        .await;
        through
    });
    assert!(points.await >= 8);
}

#[tokio::test]
async fn r107_a_process_may_be_killed_in_a_sign_out() {
    let points = at_every_point(async |point| {
        let outside = Outside::<InFile>::new().await;
        let server = outside.start_server().await;
        let mut browser = server.browser();
        server.sign_in(&mut browser, "idp").await;
        let token = browser.jar.value(NAME).unwrap().to_owned();
        drop(server);
        let through = is_killed(&outside.place, "sign-out", point, &token).await;
        with_server(&outside, async |server, mut browser| {
            browser.jar.plant(NAME, &token);
            browser.post("/api/auth/signout", &[]).await;
            browser.jar.plant(NAME, &token);
            assert_eq!(browser.session().await, json!({}), "the cookie is dead");
            server.sign_in(&mut browser, "idp").await;
        })
        .await;
        through
    });
    assert!(points.await >= 2);
}
