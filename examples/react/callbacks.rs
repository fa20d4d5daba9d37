//! What a session says after the page has renamed somebody.

use typegate::DefaultSession;
use typegate::hooks::{Callbacks, SessionSource};
use typegate::slot::Given;

use crate::rename::rename;

pub(crate) fn callbacks() -> Callbacks<DefaultSession, Given> {
    Callbacks::new()
        .jwt(|request| async move {
            let mut token = request.token;
            if let Some(data) = request.update {
                rename(&mut token, &data);
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
