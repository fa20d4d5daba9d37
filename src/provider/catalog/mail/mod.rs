//! Vendors that send messages on behalf of a site.

mod forward_email;
mod loops;
mod mailgun;
mod postmark;
mod resend;
mod send_grid;
mod service;
#[cfg(test)]
mod tests;
mod vendor;

pub use self::forward_email::{
    ForwardEmail, ForwardEmailBuilder, ForwardEmailSlots, ForwardEmailTold,
};
pub use self::loops::{Loops, LoopsBuilder, LoopsSlots, LoopsTold};
pub use self::mailgun::{Mailgun, MailgunBuilder, MailgunSlots, MailgunTold};
pub use self::postmark::{Postmark, PostmarkBuilder, PostmarkSlots, PostmarkTold};
pub use self::resend::{Resend, ResendBuilder, ResendSlots, ResendTold};
pub use self::send_grid::{SendGrid, SendGridBuilder, SendGridSlots, SendGridTold};
