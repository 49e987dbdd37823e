//! Authentication: identities, what a request presents of them, and tokens.

mod authorization;
mod claims;
mod credentials;
mod identity;
mod jwt;
mod oauth2;
mod token;
mod token_endpoint;
mod unsigned_jwt;

pub(super) use authorization::Authorization;
pub use credentials::{Credentials, Manner, NO_CERTIFICATE, Presented, SELF_MADE};
pub use identity::{Authenticator, Identity, Place};
pub use jwt::{Algorithm, SigningKey};
pub use oauth2::{ClientCredentials, Proof};
pub use unsigned_jwt::UnsignedJwt;
