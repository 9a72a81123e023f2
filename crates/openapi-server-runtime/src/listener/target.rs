//! Encodes quotation marks in request targets, which other servers accept as they are and the parser of URIs does not.
//!
//! The bytes that a connection receives are followed just far enough to know where the next request begins. Where that cannot be
//! told, everything passes as it is from there on, and the parser says what is wrong with it.

use std::io;
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The bytes that are read at once.
const PIECE: usize = 8192;
/// The length up to which a line is looked at.
const LINE: usize = 64;

/// A connection whose requests have no quotation mark in their targets.
#[derive(Debug)]
pub(super) struct Targets<I> {
    inner: I,
    requests: Requests,
    /// The bytes that were read and not yet handed on.
    ready: Vec<u8>,
    position: usize,
}

/// The part of a request that comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// The line with the method and the target; `true` once it has begun.
    Target(bool),
    /// The headers: the length of the body, and `true` if it comes in chunks.
    Headers(u64, bool),
    /// This many bytes of a body.
    Body(u64),
    /// The line with the length of a chunk.
    Chunk,
    /// This many bytes of a chunk and its end.
    InChunk(u64),
    /// The lines behind the last chunk.
    Trailers,
    /// Nobody knows.
    Unknown,
}

/// The requests of a connection.
#[derive(Debug)]
struct Requests {
    part: Part,
    /// The beginning of the line that is being read.
    line: Vec<u8>,
}

impl Requests {
    fn new() -> Self {
        Self { part: Part::Target(false), line: Vec::new() }
    }

    /// Appends bytes to `out`, quotation marks in targets encoded.
    fn encode(&mut self, mut bytes: &[u8], out: &mut Vec<u8>) {
        while let Some((first, rest)) = bytes.split_first() {
            match self.part {
                Part::Unknown => return out.extend_from_slice(bytes),
                Part::Body(left) | Part::InChunk(left) if left > 0 => {
                    let taken = bytes.len().min(usize::try_from(left).unwrap_or(usize::MAX));
                    let (here, after) = bytes.split_at(taken);
                    out.extend_from_slice(here);
                    let left = left - taken as u64;
                    self.part = match self.part {
                        Part::Body(_) if left == 0 => Part::Target(false),
                        Part::Body(_) => Part::Body(left),
                        _ if left == 0 => Part::Chunk,
                        _ => Part::InChunk(left),
                    };
                    bytes = after;
                    continue;
                }
                Part::Target(_) if *first == b'"' => out.extend_from_slice(b"%22"),
                _ => out.push(*first),
            }
            if *first == b'\n' {
                self.end_line();
                self.line.clear();
            } else if self.line.len() < LINE {
                self.line.push(*first);
            }
            if let (Part::Target(false), false) = (self.part, matches!(first, b'\r' | b'\n')) {
                self.part = Part::Target(true);
            }
            bytes = rest;
        }
    }

    fn end_line(&mut self) {
        let line = self.line.trim_ascii();
        self.part = match self.part {
            Part::Target(true) => Part::Headers(0, false),
            Part::Headers(length, chunked) if line.is_empty() => match (chunked, length) {
                (true, _) => Part::Chunk,
                (false, 0) => Part::Target(false),
                (false, length) => Part::Body(length),
            },
            Part::Headers(length, chunked) => header(line, length, chunked),
            Part::Chunk => {
                let digits = line.split(|byte| matches!(byte, b';' | b' ')).next().unwrap_or_default();
                let digits = std::str::from_utf8(digits).unwrap_or_default();
                match u64::from_str_radix(digits, 16) {
                    Ok(0) => Part::Trailers,
                    // The chunk is followed by the end of its line.
                    Ok(length) => length.checked_add(2).map_or(Part::Unknown, Part::InChunk),
                    Err(_) => Part::Unknown,
                }
            }
            Part::Trailers if line.is_empty() => Part::Target(false),
            part => part,
        };
    }
}

/// Returns the part after a header.
fn header(line: &[u8], length: u64, chunked: bool) -> Part {
    let Some(colon) = line.iter().position(|byte| *byte == b':') else {
        return Part::Headers(length, chunked);
    };
    let (name, value) = line.split_at(colon);
    let value = value.get(1..).unwrap_or_default().trim_ascii();
    let is = |known: &str| name.eq_ignore_ascii_case(known.as_bytes());
    if is("content-length") {
        let length = std::str::from_utf8(value).ok().and_then(|value| value.parse().ok());
        return length.map_or(Part::Unknown, |length| Part::Headers(length, chunked));
    }
    if is("transfer-encoding") {
        return Part::Headers(length, value.to_ascii_lowercase().ends_with(b"chunked"));
    }
    // What comes after an upgrade is no HTTP.
    if is("upgrade") { Part::Unknown } else { Part::Headers(length, chunked) }
}

impl<I> Targets<I> {
    pub(super) fn new(inner: I) -> Self {
        Self { inner, requests: Requests::new(), ready: Vec::new(), position: 0 }
    }
}

impl<I: AsyncRead + Unpin> AsyncRead for Targets<I> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.position >= this.ready.len() {
            if this.requests.part == Part::Unknown {
                return Pin::new(&mut this.inner).poll_read(cx, buffer);
            }
            let mut piece = [MaybeUninit::uninit(); PIECE];
            let mut read = ReadBuf::uninit(&mut piece);
            ready!(Pin::new(&mut this.inner).poll_read(cx, &mut read))?;
            this.ready.clear();
            this.position = 0;
            this.requests.encode(read.filled(), &mut this.ready);
        }
        let rest = this.ready.get(this.position..).unwrap_or_default();
        let taken = rest.len().min(buffer.remaining());
        buffer.put_slice(rest.get(..taken).unwrap_or_default());
        this.position += taken;
        Poll::Ready(Ok(()))
    }
}

impl<I: AsyncWrite + Unpin> AsyncWrite for Targets<I> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().inner).poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().inner).poll_write_vectored(cx, pieces)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns what becomes of some bytes, whatever pieces they come in.
    fn encoded(text: &str) -> String {
        let whole = |size: usize| {
            let (mut requests, mut out) = (Requests::new(), Vec::new());
            text.as_bytes().chunks(size).for_each(|piece| requests.encode(piece, &mut out));
            String::from_utf8(out).expect("text")
        };
        let at_once = whole(text.len().max(1));
        assert_eq!(whole(1), at_once);
        assert_eq!(whole(7), at_once);
        at_once
    }

    #[tokio::test]
    async fn what_nobody_knows_is_handed_on_without_a_copy() {
        use tokio::io::AsyncReadExt as _;

        let upgrade = "GET / HTTP/1.1\r\nUpgrade: x\r\n\r\n";
        let frames = "\"".repeat(2 * PIECE);
        let sent = format!("{upgrade}{frames}");
        let mut targets = Targets::new(sent.as_bytes());
        let mut received = String::new();
        targets.read_to_string(&mut received).await.expect("all of it");
        assert_eq!(received, sent);
        assert!(targets.ready.starts_with(b"GET"), "only the first piece was looked at");
    }

    #[test]
    fn only_targets_are_encoded() {
        for (sent, passed) in [
            ("GET /?a=\"1\" HTTP/1.1\r\nX: \"\r\n\r\n", "GET /?a=%221%22 HTTP/1.1\r\nX: \"\r\n\r\n"),
            (
                "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\n\"a\"GET /\" HTTP/1.1\r\n\r\n",
                "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\n\"a\"GET /%22 HTTP/1.1\r\n\r\n",
            ),
            (
                "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n2;x\r\n\"\"\r\n0\r\nT: \"\r\n\r\nGET /\" HTTP/1.1\r\n\r\n",
                "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n2;x\r\n\"\"\r\n0\r\nT: \"\r\n\r\nGET /%22 HTTP/1.1\r\n\r\n",
            ),
            ("\r\nGET /\" HTTP/1.1\r\n\r\n", "\r\nGET /%22 HTTP/1.1\r\n\r\n"),
            (
                "GET / HTTP/1.1\r\nUpgrade: x\r\n\r\nGET /\" \r\n",
                "GET / HTTP/1.1\r\nUpgrade: x\r\n\r\nGET /\" \r\n",
            ),
            (
                "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\nGET /\" \r\n",
                "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\nGET /\" \r\n",
            ),
        ] {
            assert_eq!(encoded(sent), passed);
        }
    }
}
