//! Whose a document is: tenants, by their names.

use super::counts::NounCounts;
use super::fields::MAX_ID_BYTES;
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};

/// A tenant's name; the empty one is that of whatever names no tenant.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct TenantName(String);

/// One tenant of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Tenant {
    pub tenant_id: TenantName,
    pub counts: NounCounts,
}

/// Which part of the list of tenants.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TenantWindow {
    pub limit: u32,
    /// Only those whose names come after this one.
    pub after: Option<TenantName>,
}

/// Tenants by the bytes of their names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TenantPage {
    pub tenants: Vec<Tenant>,
    pub has_more: bool,
}

impl TenantName {
    /// The name in these bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        match str::from_utf8(bytes) {
            Ok(name) if name.len() <= MAX_ID_BYTES => Ok(Self(name.to_owned())),
            _ => Err(Error::invalid(format!("a tenant's name must have at most {MAX_ID_BYTES} bytes of UTF-8"))),
        }
    }

    /// As users gave it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is the empty one.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The same error with the tenant in front of its message, if it has a name.
    pub fn in_error(&self, error: Error) -> Error {
        if self.is_empty() { error } else { error.at(&format!("tenant {:?}", self.0)) }
    }
}

impl TryFrom<String> for TenantName {
    type Error = Error;

    fn try_from(name: String) -> Result<Self> {
        Self::parse(name.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_an_id_or_empty() {
        assert!(TenantName::parse(b"").unwrap().is_empty());
        assert_eq!(TenantName::parse("é".as_bytes()).unwrap().as_str(), "é");
        assert!(TenantName::parse(&[b'x'; 512]).is_ok());
        assert!(TenantName::parse(&[b'x'; 513]).is_err());
        assert!(TenantName::parse(b"\xff").is_err());
    }

    #[test]
    fn errors_tell_a_name_that_there_is() {
        let error = || Error::internal("no");
        assert_eq!(TenantName::default().in_error(error()).message, "no");
        assert_eq!(TenantName::parse(b"a").unwrap().in_error(error()).message, r#"tenant "a": no"#);
    }
}
