import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import software.amazon.awssdk.crt.auth.credentials.Credentials;
import software.amazon.awssdk.crt.auth.signing.AwsSigner;
import software.amazon.awssdk.crt.auth.signing.AwsSigningConfig;
import software.amazon.awssdk.crt.auth.signing.AwsSigningConfig.AwsSignatureType;
import software.amazon.awssdk.crt.auth.signing.AwsSigningConfig.AwsSignedBodyHeaderType;
import software.amazon.awssdk.crt.auth.signing.AwsSigningConfig.AwsSigningAlgorithm;
import software.amazon.awssdk.crt.http.HttpHeader;
import software.amazon.awssdk.crt.http.HttpRequest;
import software.amazon.awssdk.crt.http.HttpRequestBodyStream;

/**
 * Writes tests/cases/signature/chunks-of-aws.json: bodies whose chunks and trailers aws-c-auth signs. Only its binding
 * for Java offers that. With SigV4A every run signs otherwise; the file is written again only when a case here changes:
 *
 * <pre>
 * mvn dependency:copy -Dartifact=software.amazon.awssdk.crt:aws-crt:0.49.0 -DoutputDirectory=target/crt
 * java -cp target/crt/aws-crt-0.49.0.jar tests/signers/Chunks.java > tests/cases/signature/chunks-of-aws.json
 * </pre>
 */
class Chunks {
  record Key(String accessKey, String secretKey, String token) {}

  record Piece(String text, int count) {
    byte[] bytes() {
      return text.repeat(count).getBytes(StandardCharsets.US_ASCII);
    }

    String json() {
      return count == 1
          ? "{\"text\": " + quoted(text) + "}"
          : "{\"repeat\": %s, \"count\": %d}".formatted(quoted(text), count);
    }
  }

  /** What somebody wants to upload. Without the name of a trailer there is none. */
  record Wish(String id, String title, boolean asymmetric, Key key, String regions, String time, String trailer, List<Piece> chunks) {
    byte[] body() {
      var out = new ByteArrayOutputStream();
      chunks.forEach(chunk -> out.writeBytes(chunk.bytes()));
      return out.toByteArray();
    }

    String payload() {
      return "STREAMING-AWS4-" + (asymmetric ? "ECDSA-P256-SHA256" : "HMAC-SHA256") + "-PAYLOAD" + (trailer == null ? "" : "-TRAILER");
    }
  }

  /** The same as it is sent: the signatures are those of the chunks, of the empty one behind them, and of the trailer. */
  record Sent(Wish wish, List<String[]> headers, List<String> signatures, String checksum) {}

  static final Key STATIC = new Key("AKIDEXAMPLEUSER00001", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", null);
  static final Key TEMPORARY =
      new Key("ASIATEMPORARY0000001", "tempSecretKey/0000000000000000000000000000", "IQoJb3JpZ2luX2VjEXAMPLE//////////wEaCXVzLWVhc3QtMSJHMEUCIQD+a/b=c");
  static final Key PUBLISHED = new Key("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", null);
  static final String NOW = "2026-01-15T12:00:00Z";
  static final String PUBLISHED_TIME = "2013-05-24T00:00:00Z";

  static Piece text(String text) {
    return new Piece(text, 1);
  }

  static List<Wish> wishes() {
    var two = List.of(text("some bytes"), text("and a few more"));
    var published = List.of(new Piece("a", 65536), new Piece("a", 1024));
    var many = new ArrayList<Piece>();
    for (int length = 2; length < 18; length++) many.add(new Piece("x", length));
    String crc = "x-amz-checksum-crc32c", sha = "x-amz-checksum-sha256";
    return List.of(
        new Wish("v4a", "two chunks", true, STATIC, "us-east-1", NOW, null, two),
        new Wish("v4a-empty", "no bytes", true, STATIC, "us-east-1", NOW, null, List.of()),
        new Wish("v4a-token", "a temporary access key, and a set of regions", true, TEMPORARY, "us-*,eu-west-1", NOW, null, two),
        new Wish("v4a-many", "signatures of every length", true, STATIC, "*", NOW, null, many),
        new Wish("v4a-published", "the published example of SigV4, with SigV4A", true, PUBLISHED, "us-east-1", PUBLISHED_TIME, null, published),
        new Wish("v4a-trailer", "two chunks and a trailer", true, STATIC, "us-east-1", NOW, sha, two),
        new Wish("v4a-trailer-empty", "no bytes and a trailer", true, STATIC, "us-east-1", NOW, crc, List.of()),
        new Wish("v4a-trailer-token", "a temporary access key and a trailer", true, TEMPORARY, "*", NOW, crc, two),
        new Wish("v4a-trailer-published", "the published example of SigV4 with a trailer, with SigV4A", true, PUBLISHED, "us-east-1", PUBLISHED_TIME, crc, published),
        new Wish("v4", "two chunks", false, STATIC, "us-east-1", NOW, null, two),
        new Wish("v4-token", "a temporary access key", false, TEMPORARY, "us-east-1", NOW, null, two),
        new Wish("v4-trailer", "two chunks and a trailer", false, STATIC, "us-east-1", NOW, sha, two),
        new Wish("v4-trailer-empty", "no bytes and a trailer", false, STATIC, "us-east-1", NOW, crc, List.of()),
        new Wish("v4-trailer-token", "a temporary access key and a trailer", false, TEMPORARY, "us-east-1", NOW, sha, two));
  }

  static AwsSigningConfig config(Wish wish, AwsSignatureType type) {
    var key = wish.key();
    var config = new AwsSigningConfig();
    config.setAlgorithm(wish.asymmetric() ? AwsSigningAlgorithm.SIGV4_ASYMMETRIC : AwsSigningAlgorithm.SIGV4);
    config.setSignatureType(type);
    config.setRegion(wish.regions());
    config.setService("s3");
    config.setTime(Instant.parse(wish.time()).toEpochMilli());
    config.setCredentials(new Credentials(ascii(key.accessKey()), ascii(key.secretKey()), key.token() == null ? null : ascii(key.token())));
    config.setUseDoubleUriEncode(false);
    config.setShouldNormalizeUriPath(false);
    if (type == AwsSignatureType.HTTP_REQUEST_VIA_HEADERS) {
      config.setSignedBodyValue(wish.payload());
      config.setSignedBodyHeader(AwsSignedBodyHeaderType.X_AMZ_CONTENT_SHA256);
    }
    return config;
  }

  static Sent sign(Wish wish) throws Exception {
    var headers = new ArrayList<HttpHeader>();
    headers.add(new HttpHeader("Host", "s3.example.com"));
    headers.add(new HttpHeader("Content-Encoding", "aws-chunked"));
    headers.add(new HttpHeader("x-amz-decoded-content-length", String.valueOf(wish.body().length)));
    if (wish.trailer() != null) headers.add(new HttpHeader("x-amz-trailer", wish.trailer()));
    var request = new HttpRequest("PUT", "/bucket/key", headers.toArray(HttpHeader[]::new), null);
    var head = AwsSigner.sign(request, config(wish, AwsSignatureType.HTTP_REQUEST_VIA_HEADERS)).get();
    var sent = new ArrayList<String[]>();
    for (var header : head.getSignedRequest().getHeadersAsArray()) sent.add(new String[] {header.getName(), header.getValue()});
    var signatures = new ArrayList<String>();
    byte[] previous = head.getSignature();
    for (var chunk : wish.chunks()) {
      previous = AwsSigner.signChunk(new Stream(chunk.bytes()), previous, config(wish, AwsSignatureType.HTTP_REQUEST_CHUNK)).get();
      signatures.add(new String(previous, StandardCharsets.US_ASCII));
    }
    previous = AwsSigner.signChunk(null, previous, config(wish, AwsSignatureType.HTTP_REQUEST_CHUNK)).get();
    signatures.add(new String(previous, StandardCharsets.US_ASCII));
    String checksum = null;
    if (wish.trailer() != null) {
      checksum = checksum(wish);
      var trailers = List.of(new HttpHeader(wish.trailer(), checksum));
      var signed = AwsSigner.sign(trailers, previous, config(wish, AwsSignatureType.HTTP_REQUEST_TRAILING_HEADERS)).get();
      signatures.add(new String(signed.getSignature(), StandardCharsets.US_ASCII));
    }
    return new Sent(wish, sent, signatures, checksum);
  }

  static String checksum(Wish wish) throws Exception {
    if (wish.trailer().endsWith("sha256")) {
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(wish.body()));
    }
    var crc = new CRC32C();
    crc.update(wish.body());
    return Base64.getEncoder().encodeToString(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }

  /** The body on the wire. aws-c-auth signs chunks and leaves it to its client to frame them. */
  static List<Piece> wire(List<Piece> chunks, List<String> signatures, String trailer, String checksum) {
    var parts = new ArrayList<Piece>();
    for (int at = 0; at < chunks.size(); at++) {
      parts.add(text("%x;chunk-signature=%s\r\n".formatted(chunks.get(at).bytes().length, signatures.get(at))));
      parts.add(chunks.get(at));
      parts.add(text("\r\n"));
    }
    parts.add(text("0;chunk-signature=" + signatures.get(chunks.size()) + "\r\n"));
    if (trailer != null) parts.add(text(trailer + ":" + checksum + "\r\nx-amz-trailer-signature:" + signatures.get(chunks.size() + 1) + "\r\n"));
    parts.add(text("\r\n"));
    return parts;
  }

  static String line(Sent sent, String id, String title, String why, List<Piece> body, String expect) {
    var headers = sent.headers().stream().map(pair -> "[%s, %s]".formatted(quoted(pair[0]), quoted(pair[1]))).toList();
    return ("  {\"id\": %s, \"title\": %s, \"why\": %s, \"form\": \"streaming\", \"request\": {\"method\": \"PUT\", \"target\": \"/bucket/key\", "
            + "\"headers\": [%s], \"body\": [%s]}, \"server\": {\"now\": %s, \"region\": \"us-east-1\", \"service\": \"s3\", "
            + "\"max_skew_seconds\": 900, \"require_content_sha256\": true}, \"expect\": %s, \"made_by\": \"aws-c-auth (aws-crt 0.49.0 for Java)%s\"}")
        .formatted(quoted(id), quoted(title), quoted(why), String.join(", ", headers),
            String.join(", ", body.stream().map(Piece::json).toList()), quoted(sent.wish().time()), expect,
            id.equals(sent.wish().id()) ? "" : ", then changed");
  }

  static String accepted(Sent sent) throws Exception {
    var wish = sent.wish();
    var hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(wish.body()));
    var expect = "{\"outcome\": \"accept\", \"auth\": \"%s-header\", \"access_key\": %s, \"payload\": %s, \"decoded_length\": %d, \"decoded_sha256\": \"%s\", \"trailers\": {%s}}"
        .formatted(wish.asymmetric() ? "sigv4a" : "sigv4", quoted(wish.key().accessKey()), quoted(wish.payload()), wish.body().length, hash,
            wish.trailer() == null ? "" : quoted(wish.trailer()) + ": " + quoted(sent.checksum()));
    var why = "every signature is over the one before it";
    return line(sent, wish.id(), wish.title(), why, wire(wish.chunks(), sent.signatures(), wish.trailer(), sent.checksum()), expect);
  }

  /** One of them, changed. */
  static String refused(Sent sent, String change, String why, int released, List<Piece> body) {
    var mismatch = "{\"code\": \"SignatureDoesNotMatch\", \"status\": 403}";
    var expect = "{\"outcome\": \"reject\", \"aws\": %s, \"minio\": %s, \"released\": %d}".formatted(mismatch, mismatch, released);
    return line(sent, sent.wish().id() + "-" + change.replace(' ', '-'), change, why, body, expect);
  }

  static List<String> changed(Sent sent) {
    var wish = sent.wish();
    var chunks = wish.chunks();
    var signatures = sent.signatures();
    var exchanged = new ArrayList<>(signatures);
    Collections.swap(exchanged, 0, 1);
    var other = new ArrayList<>(chunks);
    other.set(1, text("and a few mere"));
    int first = chunks.get(0).bytes().length, all = wish.body().length;
    var lines = new ArrayList<String>();
    lines.add(refused(sent, "data changed", "a chunk is covered", first, wire(other, signatures, wish.trailer(), sent.checksum())));
    lines.add(refused(sent, "chunks exchanged", "each signature is over the one before it", 0,
        wire(List.of(chunks.get(1), chunks.get(0)), exchanged, wish.trailer(), sent.checksum())));
    var without = new ArrayList<>(signatures);
    without.remove(0);
    lines.add(refused(sent, "first chunk missing", "each signature is over the one before it", 0,
        wire(chunks.subList(1, 2), without, wish.trailer(), sent.checksum())));
    if (wish.trailer() != null) {
      lines.add(refused(sent, "trailer changed", "the trailer is covered", all, wire(chunks, signatures, wish.trailer(), "AAAA" + sent.checksum().substring(4))));
      var twice = new ArrayList<>(signatures);
      twice.set(3, signatures.get(2));
      lines.add(refused(sent, "signature repeated", "the last chunk and the trailer are signed under different names", all,
          wire(chunks, twice, wish.trailer(), sent.checksum())));
    }
    return lines;
  }

  static class Stream implements HttpRequestBodyStream {
    final ByteBuffer left;

    Stream(byte[] bytes) {
      left = ByteBuffer.wrap(bytes);
    }

    @Override
    public boolean sendRequestBody(ByteBuffer out) {
      while (left.hasRemaining() && out.hasRemaining()) out.put(left.get());
      return !left.hasRemaining();
    }

    @Override
    public boolean resetPosition() {
      left.rewind();
      return true;
    }

    @Override
    public long getLength() {
      return left.limit();
    }
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  static String quoted(String text) {
    return "\"" + text.replace("\r", "\\r").replace("\n", "\\n") + "\"";
  }

  public static void main(String[] arguments) throws Exception {
    var credentials = new ArrayList<String>();
    for (var key : List.of(STATIC, TEMPORARY, PUBLISHED)) {
      credentials.add("  {\"access_key\": %s, \"secret_key\": %s, \"kind\": \"%s\", \"enabled\": true%s}".formatted(
          quoted(key.accessKey()), quoted(key.secretKey()), key.token() == null ? "static" : "temporary",
          key.token() == null ? "" : ", \"session_token\": " + quoted(key.token()) + ", \"expires\": \"2026-01-15T13:00:00Z\""));
    }
    var cases = new ArrayList<String>();
    var changed = Map.of("v4a", true, "v4a-trailer", true, "v4-trailer", true);
    for (var wish : wishes()) {
      var sent = sign(wish);
      cases.add(accepted(sent));
      if (changed.containsKey(wish.id())) cases.addAll(changed(sent));
    }
    System.out.println("{\n \"about\": \"chunks and trailers that aws-c-auth signs\",\n \"credentials\": [\n"
        + String.join(",\n", credentials) + "\n ],\n \"cases\": [\n" + String.join(",\n", cases) + "\n ]\n}");
    System.exit(0);
  }
}
