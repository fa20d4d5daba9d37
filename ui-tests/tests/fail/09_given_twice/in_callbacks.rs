extern crate renamed_typegate as typegate;

use typegate::hooks::Callbacks;

fn main() {
    let _callbacks = Callbacks::new()
        .session(|request| async move { Ok(request.session) })
        .sign_in(|attempt| async move { Ok(attempt.user.email.is_some()) })
        .jwt(|request| async move { Ok(request.token) })
        .redirect(|request| async move { Ok(request.default) })
        .session(|request| async move { Ok(request.session) })
        .jwt(|request| async move { Ok(request.token) })
        .sign_in(|_| async { Ok(true) });
}
