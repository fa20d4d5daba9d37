//! Device authorization (RFC 8628): a device shows a code, and somebody enters it elsewhere.

use serde_json::{Value, json};

use super::behaviour::{Received, State};
use super::client_authentication::is_authenticated;
use super::grant::{Grant, Refused};

/// How long a device code is good, in seconds.
const LIFETIME: i64 = 600;
/// How long a device has to wait before it asks again, in seconds.
const INTERVAL: i64 = 5;

/// What a device code stands for.
#[derive(Clone, Debug)]
pub(super) struct Device {
    user_code: String,
    grant: Grant,
    expires_at: i64,
    interval: i64,
    last_asked: Option<i64>,
    /// What the person said, if anything yet.
    agrees: Option<bool>,
}

/// RFC 8628 section 3.2.
pub(super) fn device_authorization(
    state: &mut State,
    issuer: &str,
    now: i64,
    request: &Received,
) -> Result<Value, Refused> {
    if !is_authenticated(state, issuer, now, request) {
        return Err(("invalid_client", "client"));
    }
    state.issued += 1;
    let number = state.issued;
    let (device_code, user_code) = (format!("dc-secret-{number}"), format!("WDJB-{number:04}"));
    let grant = Grant {
        number,
        redirect_uri: String::new(),
        challenge: None,
        nonce: None,
        scope: request.form.get("scope").cloned().unwrap_or_default(),
    };
    let device = Device {
        user_code: user_code.clone(),
        grant,
        expires_at: now + LIFETIME,
        interval: INTERVAL,
        last_asked: None,
        agrees: None,
    };
    state.devices.insert(device_code.clone(), device);
    let page = format!("{issuer}/device");
    Ok(json!({
        "device_code": device_code,
        "user_code": user_code,
        "verification_uri": page,
        "verification_uri_complete": format!("{page}?user_code={user_code}"),
        "expires_in": LIFETIME,
        "interval": INTERVAL,
    }))
}

/// The person enters the code that the device shows; false if no device shows it.
pub(super) fn decide(state: &mut State, now: i64, user_code: &str, agrees: bool) -> bool {
    let mut devices = state.devices.values_mut();
    let shows = |device: &&mut Device| device.user_code == user_code && device.expires_at > now;
    let device = devices.find(shows);
    device.map(|device| device.agrees = Some(agrees)).is_some()
}

/// What the person agreed to, once (RFC 8628 section 3.5).
pub(super) fn device_grant(
    state: &mut State,
    now: i64,
    device_code: &str,
) -> Result<Grant, Refused> {
    let device = state.devices.get_mut(device_code).ok_or(("invalid_grant", "device_code"))?;
    if device.expires_at <= now {
        return Err(("expired_token", "device_code"));
    }
    let early = device.last_asked.replace(now).is_some_and(|last| now < last + device.interval);
    if early {
        device.interval += 5;
        return Err(("slow_down", "device_code"));
    }
    let Some(agrees) = device.agrees else {
        return Err(("authorization_pending", "device_code"));
    };
    let grant = device.grant.clone();
    state.devices.remove(device_code);
    if !agrees {
        return Err(("access_denied", "device_code"));
    }
    state.issued += 1;
    Ok(grant)
}
