//! HMAC over SHA-1 (RFC 2104), which signs in version 2 and nowhere else.

use sha1::{Digest, Sha1};
use zeroize::Zeroizing;

const BLOCK: usize = 64;

/// The HMAC of a text under a key of any length.
pub(super) fn sha1_mac(key: &[u8], text: &[u8]) -> [u8; 20] {
    let mut block = Zeroizing::new([0; BLOCK]);
    let hashed;
    let key = if key.len() > BLOCK {
        hashed = Zeroizing::new(<[u8; 20]>::from(Sha1::digest(key)));
        hashed.as_slice()
    } else {
        key
    };
    block.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
    let padded = |pad: u8| Sha1::new().chain_update(*Zeroizing::new(block.map(|b| b ^ pad)));
    let inner = padded(0x36).chain_update(text).finalize();
    padded(0x5c).chain_update(inner).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mac(key: &[u8], text: &str) -> String {
        sha1_mac(key, text.as_bytes()).iter().map(|b| format!("{b:02x}")).collect()
    }

    /// RFC 2202, section 3.
    #[test]
    fn the_vectors_of_the_rfc_are_met() {
        assert_eq!(mac(&[0x0b; 20], "Hi There"), "b617318655057264e28bc0b6fb378c8ef146be00");
        assert_eq!(mac(b"Jefe", "what do ya want for nothing?"), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
        let text = "Test Using Larger Than Block-Size Key - Hash Key First";
        assert_eq!(mac(&[0xaa; 80], text), "aa4ae5e15272d00e95705637ce8a3b55ed402112");
    }
}
