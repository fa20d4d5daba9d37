//! Log lines of clients that are not taken. What clients raise themselves waits for the client.

use typegate::{Diagnostics, Shown};

use super::super::support::{World, world};
use super::{Outcome, scenarios};

scenarios! {
    a_client_line_has_no_known_level {
        logs: [Logger],
        shown: Shown::GoesOn,
        provider: None,
        says: "no known level",
        drive: async {
            let mut world = World::new();
            let fields = [("level", "constructor"), ("code", "X")];
            let answer = world.browser.submit("/api/auth/_log", &fields).await;
            Outcome::answered(world, answer)
        },
    }
    clients_send_too_many_lines {
        logs: [Logger],
        shown: Shown::GoesOn,
        provider: None,
        says: "more lines than are taken",
        drive: async {
            let diagnostics = Diagnostics::new().client_lines_per_minute(2);
            let mut world = world!(site => site.diagnostics(diagnostics).build().unwrap());
            let fields = [("level", "warn"), ("code", "X")];
            for _ in 0..2 {
                world.browser.submit("/api/auth/_log", &fields).await;
            }
            world.lines.take();
            let answer = world.browser.submit("/api/auth/_log", &fields).await;
            world.browser.submit("/api/auth/_log", &fields).await;
            Outcome::answered(world, answer)
        },
    }
}
