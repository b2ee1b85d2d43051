//! The chain of signatures in a chunked body: each is over what it signs and over the signature before it,
//! the first of which is the request's own (spec: sigv4, section 4.2).

use super::body::EMPTY;
use super::classify::{ALGORITHM, ALGORITHM_V4A};
use super::hash::{Buffer, Hashing};
use super::key::Key;
use super::sink::{Sink, hex, unhex};
use super::v4a;
use crate::bytes::same;

/// The digits of the longest signature, that of SigV4A in DER: two numbers of 33 bytes, and six bytes about them.
pub(super) const MAX_SIGNATURE: usize = 144;

/// The key of a request verifies the chunks of its body as well.
impl Key {
    /// How the names of its strings to sign begin.
    fn algorithm(&self) -> &'static [u8] {
        match self {
            Self::Mac(_) => ALGORITHM,
            Self::Ecdsa(_) => ALGORITHM_V4A,
        }
    }

    /// How long a signature is on the wire.
    fn wire_length(&self) -> usize {
        match self {
            Self::Mac(_) => 64,
            Self::Ecdsa(_) => MAX_SIGNATURE,
        }
    }

    /// A signature as the next one covers it: without the padding of the wire.
    fn without_padding<'s>(&self, signature: &'s [u8]) -> &'s [u8] {
        match self {
            Self::Mac(_) => signature,
            Self::Ecdsa(_) => v4a::unpadded(signature),
        }
    }

    /// Whether this is the signature of the text.
    fn verifies_link(&self, text: &ChunkText<'_>, signature: &[u8]) -> bool {
        match self {
            Self::Mac(key) => {
                let computed = key.mac(&mut Buffer::new(), |sink| text.write(sink));
                unhex(signature, true).is_some_and(|claimed| same(&computed, &claimed))
            }
            Self::Ecdsa(key) => {
                let mut buffer = Buffer::new();
                let mut hashing = Hashing::new(&mut buffer);
                text.write(&mut hashing);
                key.verifies(&hashing.finish(), signature)
            }
        }
    }
}

/// What a signature of the chain covers beside the signature before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    /// The data of a chunk.
    Chunk,
    /// The trailers.
    Trailer,
}

/// A string to sign.
pub(super) struct ChunkText<'a> {
    pub algorithm: &'static [u8],
    pub link: Link,
    pub date: &'a [u8; 16],
    pub scope: &'a [u8],
    /// The signature before this one.
    pub previous: &'a [u8],
    pub hash: [u8; 64],
}

impl ChunkText<'_> {
    /// Writes the text.
    pub(super) fn write(&self, sink: &mut impl Sink) {
        sink.put(self.algorithm);
        sink.put(match self.link {
            Link::Chunk => b"-PAYLOAD\n",
            Link::Trailer => b"-TRAILER\n",
        });
        for line in [self.date, self.scope, self.previous] {
            sink.put(line);
            sink.put_byte(b'\n');
        }
        // A place for headers of a chunk, which nobody sends.
        if self.link == Link::Chunk {
            sink.put(EMPTY);
            sink.put_byte(b'\n');
        }
        sink.put(&self.hash);
    }
}

/// A signature as text.
#[derive(Clone, Copy, Debug)]
pub(super) struct SignatureText {
    room: [u8; MAX_SIGNATURE],
    length: usize,
}

impl SignatureText {
    /// Takes a text, of which nothing is kept beyond the longest signature.
    pub(super) fn new(text: &[u8]) -> Self {
        let mut room = [0; MAX_SIGNATURE];
        room.iter_mut().zip(text).for_each(|(to, from)| *to = *from);
        Self { room, length: text.len().min(MAX_SIGNATURE) }
    }

    /// The text.
    pub(super) fn bytes(&self) -> &[u8] {
        self.room.get(..self.length).unwrap_or_default()
    }
}

/// The chain up to the last signature that was verified.
#[derive(Clone, Debug)]
pub(super) struct Chain {
    key: Key,
    date: [u8; 16],
    scope: Box<[u8]>,
    previous: SignatureText,
}

impl Chain {
    /// The chain that begins with the signature of a request, which must have been verified.
    pub(super) fn new(key: Key, date: [u8; 16], scope: &[u8], seed: &[u8]) -> Self {
        Self { key, date, scope: scope.into(), previous: SignatureText::new(seed) }
    }

    /// How long a signature is on the wire.
    pub(super) fn wire_length(&self) -> usize {
        self.key.wire_length()
    }

    /// Whether this is the next signature of the chain, over something with this hash.
    pub(super) fn advance(&mut self, link: Link, hash: &[u8; 32], signature: &[u8]) -> bool {
        let signature = self.key.without_padding(signature);
        let text = ChunkText {
            algorithm: self.key.algorithm(),
            link,
            date: &self.date,
            scope: &self.scope,
            previous: self.previous.bytes(),
            hash: hex(hash),
        };
        let verified = self.key.verifies_link(&text, signature);
        if verified {
            self.previous = SignatureText::new(signature);
        }
        verified
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signature::SecretKey;
    use crate::signature::key::SigningKey;
    use crate::signature::scope::Scope;
    use crate::signature::sha256;

    /// The published example of chunks, and the signature that aws-c-auth expects of three trailers behind it. No
    /// request may send these, but they show that trailers are joined line by line.
    #[test]
    fn each_signature_leads_to_the_next() {
        let secret = SecretKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
        let scope = Scope::read(b"AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request").unwrap();
        let seed = b"4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9";
        let key = Key::Mac(SigningKey::derive(&secret, &scope));
        let mut chain = Chain::new(key, *b"20130524T000000Z", scope.text, seed);
        let links: [(Link, &[u8], &[u8; 64]); 4] = [
            (
                Link::Chunk,
                &[b'a'; 65_536],
                b"ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
            ),
            (Link::Chunk, &[b'a'; 1024], b"0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497"),
            (Link::Chunk, b"", b"b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9"),
            (
                Link::Trailer,
                b"first:1st\nsecond:2nd\nthird:3rd\n",
                b"df5735bd9f3295cd9386572292562fefc93ba94e80a0a1ddcbd652c4e0a75e6c",
            ),
        ];
        for (link, signed, signature) in links {
            let other = if link == Link::Chunk { Link::Trailer } else { Link::Chunk };
            assert!(!chain.advance(other, &sha256(&[signed]), signature));
            assert!(!chain.advance(link, &sha256(&[b"another"]), signature));
            assert!(chain.advance(link, &sha256(&[signed]), signature));
            assert!(!chain.advance(link, &sha256(&[signed]), signature), "over the signature before it");
        }
    }
}
