//! Sessions in cookies that a large member of a profile has made long.

use super::site::{user_of, warnings};
use crate::support::{World, error};

fn with_picture(length: usize) -> World {
    let world = World::new();
    world.idp.change(|idp| {
        let picture = format!("https://id.example/{}", "a".repeat(length));
        idp.claims.insert("picture", Some(picture.into()));
    });
    world
}

#[tokio::test]
async fn a_large_picture_is_named_with_its_size() {
    let mut world = with_picture(3_000);
    user_of(&mut world, "idp").await;
    let said = warnings(&world.lines);
    let (code, _, message) = &said[0];
    assert_eq!((said.len(), &**code), (1, "LARGE_SESSION_WARNING"));
    assert!(message.contains("its largest members are `picture` with 3021 bytes"), "{message}");
}

#[tokio::test]
async fn a_picture_that_no_cookies_hold_is_named_with_its_size() {
    let mut world = with_picture(20_000);
    let answer = world.sign_in("idp").await;
    assert_eq!(answer.outline()[0], error("Callback"));
    let line = world.lines.take().pop().unwrap();
    assert_eq!(line.code, "SESSION_TOO_LARGE_ERROR");
    assert!(line.message.contains("`picture` with 20021 bytes"), "{}", line.message);
}
