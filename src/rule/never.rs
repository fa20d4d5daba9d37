//! What people expect and what never works: what the compiler says in the place of "not found". A trait
//! for each; nothing implements them. The method or the impl that people look for asks for one.

use super::explained;

macro_rules! never {
    ($($row:ident: $(#[$docs:meta])* $rule:ident;)*) => {
        $(explained! { $row
            $(#[$docs])*
            pub trait $rule {
                #[doc(hidden)]
                fn never<T>() -> T;
            }
        })*
    };
}

never! {
    UPDATE_AGE_FITS:
        /// Rule 10: `update_age` of sessions in cookies.
        UpdateAgeFits;
    ABSOLUTE_MAX_AGE_FITS:
        /// Rule 10: `absolute_max_age` of sessions in the database.
        AbsoluteMaxAgeFits;
    MAX_SIZE_FITS:
        /// Rule 10: `max_size` of sessions in the database.
        MaxSizeFits;
    SIGNING_KEY_FITS:
        /// Rule 10: a signing key of sessions in the database.
        SigningKeyFits;
}

/// A person who is an argument of a handler: that is the session.
#[diagnostic::on_unimplemented(
    message = "a `User` is not taken from a request",
    label = "not an argument of a handler",
    note = "write `Session(session): Session` and read `session.user`"
)]
pub trait TakenFromRequest {
    #[doc(hidden)]
    fn never<T>() -> T;
}
