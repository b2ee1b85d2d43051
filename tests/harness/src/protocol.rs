//! Lines of tab-separated fields of bytes.

use std::fmt::Write;

/// A field of a line: any bytes.
pub type Field = Vec<u8>;

/// Writes fields as a line, without the line feed.
pub fn encode<F: AsRef<[u8]>>(fields: &[F]) -> String {
    let mut line = String::new();
    for (index, field) in fields.iter().enumerate() {
        if index > 0 {
            line.push('\t');
        }
        for &byte in field.as_ref() {
            match byte {
                b'\\' => line.push_str("\\x5c"),
                b' '..=b'~' => line.push(char::from(byte)),
                _ => {
                    let _ = write!(line, "\\x{byte:02x}");
                }
            }
        }
    }
    line
}

/// Reads the fields of a line.
pub fn decode(line: &str) -> Result<Vec<Field>, String> {
    line.split('\t').map(decode_field).collect()
}

fn decode_field(text: &str) -> Result<Field, String> {
    let mut field = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => {
                let escape = (bytes.next(), bytes.next().and_then(hex), bytes.next().and_then(hex));
                let (Some(b'x'), Some(high), Some(low)) = escape else {
                    return Err(format!("a backslash without xHH in the field {text:?}"));
                };
                field.push(high << 4 | low);
            }
            b' '..=b'~' => field.push(byte),
            _ => return Err(format!("a byte 0x{byte:02x} that is not escaped in the field {text:?}")),
        }
    }
    Ok(field)
}

fn hex(byte: u8) -> Option<u8> {
    s3iam::http::hex_digit(byte)
}

/// Takes fields one after another and says which one is missing or wrong.
pub struct Fields {
    fields: std::vec::IntoIter<Field>,
}

impl Fields {
    /// The fields of a line.
    pub fn of(line: &str) -> Result<Self, String> {
        Ok(Self { fields: decode(line)?.into_iter() })
    }

    /// The next field.
    pub fn bytes(&mut self, what: &str) -> Result<Field, String> {
        self.fields.next().ok_or_else(|| format!("the field {what:?} is missing"))
    }

    /// The next field, as text.
    pub fn text(&mut self, what: &str) -> Result<String, String> {
        String::from_utf8(self.bytes(what)?).map_err(|_| format!("the field {what:?} is not UTF-8"))
    }

    /// The next field, as a number.
    pub fn number<N: std::str::FromStr>(&mut self, what: &str) -> Result<N, String> {
        let text = self.text(what)?;
        text.parse().map_err(|_| format!("the field {what:?} is not a number in range: {text:?}"))
    }

    /// The next field, as `0` or `1`.
    pub fn boolean(&mut self, what: &str) -> Result<bool, String> {
        match self.text(what)?.as_str() {
            "0" => Ok(false),
            "1" => Ok(true),
            other => Err(format!("the field {what:?} is neither 0 nor 1: {other:?}")),
        }
    }

    /// The next field, as `-`, or `=` and a value.
    pub fn optional(&mut self, what: &str) -> Result<Option<Field>, String> {
        let field = self.bytes(what)?;
        match field.split_first() {
            Some((b'-', [])) => Ok(None),
            Some((b'=', value)) => Ok(Some(value.to_vec())),
            _ => Err(format!("the field {what:?} begins with neither - nor =")),
        }
    }

    /// The next field, as optional text.
    pub fn optional_text(&mut self, what: &str) -> Result<Option<String>, String> {
        let value = self.optional(what)?;
        value.map(String::from_utf8).transpose().map_err(|_| format!("the field {what:?} is not UTF-8"))
    }

    /// Succeeds if nothing is left.
    pub fn end(mut self) -> Result<(), String> {
        match self.fields.next() {
            None => Ok(()),
            Some(extra) => Err(format!("a field too many: {}", encode(&[extra]))),
        }
    }
}

/// Writes a field that may be absent.
pub fn optional(value: Option<&[u8]>) -> Field {
    value.map_or_else(|| b"-".to_vec(), |value| [b"=", value].concat())
}

/// Writes a truth value.
pub fn boolean(value: bool) -> Field {
    if value { b"1".to_vec() } else { b"0".to_vec() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_survives() {
        let all: Vec<u8> = (0..=255).collect();
        let line = encode(&[&all[..], b"", b"a\\b"]);
        assert!(line.bytes().all(|b| b == b'\t' || (b' '..=b'~').contains(&b)));
        assert_eq!(decode(&line).unwrap(), [&all[..], b"", b"a\\b"]);
    }

    #[test]
    fn broken_escapes_are_refused() {
        for line in ["\\", "\\x", "\\x4", "\\n", "\\xzz", "a\nb", "é"] {
            assert!(decode(line).is_err(), "{line:?}");
        }
    }

    #[test]
    fn fields_are_checked_as_they_are_taken() {
        let mut fields = Fields::of("12\t1\t-\t=\t=x\tabc").unwrap();
        assert_eq!(fields.number::<u16>("n"), Ok(12));
        assert_eq!(fields.boolean("b"), Ok(true));
        assert_eq!(fields.optional("absent"), Ok(None));
        assert_eq!(fields.optional("empty"), Ok(Some(Vec::new())));
        assert_eq!(fields.optional_text("x"), Ok(Some("x".to_owned())));
        assert!(fields.number::<u16>("n").unwrap_err().contains("\"n\""));
        assert!(fields.text("more").unwrap_err().contains("missing"));
        assert!(Fields::of("a\tb").unwrap().end().is_err());
    }
}
