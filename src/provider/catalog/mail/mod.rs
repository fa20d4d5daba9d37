//! Vendors that send messages on behalf of a site.

mod forward_email;
mod loops;
mod mailgun;
mod postmark;
mod resend;
mod send_grid;
#[cfg(test)]
mod tests;
mod vendor;

pub use self::forward_email::{ForwardEmail, ForwardEmailBuilder};
pub use self::loops::{Loops, LoopsBuilder};
pub use self::mailgun::{Mailgun, MailgunBuilder};
pub use self::postmark::{Postmark, PostmarkBuilder};
pub use self::resend::{Resend, ResendBuilder};
pub use self::send_grid::{SendGrid, SendGridBuilder};
