//! The renaming of signed-in people, through the client's `update`.

use typegate::DefaultSession;
use typegate::hooks::{Callbacks, SessionSource, Trigger};
use typegate::slot::Given;

/// Longer names are refused; the token travels with every request.
const LONGEST_NAME: usize = 100;

pub(crate) fn callbacks() -> Callbacks<DefaultSession, Given> {
    Callbacks::new()
        .jwt(|request| async move {
            let mut token = request.token;
            // What the client sends is anybody's: take the one member that may be changed, and
            // look at it.
            let name = request.update.as_ref().and_then(|data| data["name"].as_str());
            if let (Trigger::Update, Some(name)) = (request.trigger, name)
                && !name.is_empty()
                && name.len() <= LONGEST_NAME
            {
                token.insert("name", name);
            }
            Ok(token)
        })
        // As in NextAuth, what the callback gets was made before the token changed.
        .session(|request| async move {
            let mut session = request.session;
            if let SessionSource::Token(token) = request.source {
                session.user.name = token.get("name");
            }
            Ok(session)
        })
        .into()
}
