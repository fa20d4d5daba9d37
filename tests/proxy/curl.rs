//! A browser's connection by curl, which speaks HTTP/2 and shares no code with us.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::process::Stdio;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, Response, Version};
use http_body_util::{BodyExt as _, Full};
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;
use tower::Service;

#[derive(Clone)]
pub(crate) struct Curl {
    host: String,
    port: u16,
}

type Head = Vec<(HeaderName, HeaderValue)>;

impl Curl {
    /// Asks for a host, which is behind that port of this machine.
    pub(crate) fn new(host: &str, port: u16) -> Self {
        Self { host: host.to_owned(), port }
    }

    /// Status, header and body of an answer over HTTP/2.
    pub(crate) async fn ask(
        &self,
        method: &str,
        address: &str,
        lines: &[&str],
        body: &[u8],
    ) -> (u16, Head, Vec<u8>) {
        let mut command = Command::new("curl");
        command
            .args(["--silent", "--show-error", "--include", "--insecure", "--http2"])
            .args(["--max-time", "30", "--noproxy", "*", "--request", method])
            .arg("--connect-to")
            .arg(format!("{}:443:127.0.0.1:{}", self.host, self.port));
        for line in lines {
            command.args(["--header", line]);
        }
        if method == "POST" {
            command.args(["--data-binary", "@-"]);
        }
        command.arg(address).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("curl is there: tests/proxy/setup looks for it");
        child.stdin.take().unwrap().write_all(body).await.unwrap();
        let output = child.wait_with_output().await.unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{address}: {said}");
        let end = output.stdout.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap();
        let head = String::from_utf8(output.stdout[..end].to_vec()).unwrap();
        let mut head = head.split("\r\n");
        let status = head.next().unwrap().strip_prefix("HTTP/2 ").expect("an answer over HTTP/2");
        let headers = head.map(|line| {
            let (name, value) = line.split_once(':').unwrap();
            (name.parse().unwrap(), value.trim().parse().unwrap())
        });
        (status.trim().parse().unwrap(), headers.collect(), output.stdout[end + 4..].to_vec())
    }
}

impl Service<Request<Full<Bytes>>> for Curl {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Full<Bytes>>) -> Self::Future {
        let curl = self.clone();
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let body = body.collect().await?.to_bytes();
            let address = match parts.uri.host() {
                Some(_) => parts.uri.to_string(),
                None => format!("https://{}{}", curl.host, parts.uri),
            };
            let line = |(name, value): (&HeaderName, &HeaderValue)| {
                format!("{name}: {}", value.to_str().unwrap())
            };
            let mut lines: Vec<String> = parts.headers.iter().map(line).collect();
            lines.push("accept: text/html".into());
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            let (status, headers, body) =
                curl.ask(parts.method.as_str(), &address, &lines, &body).await;
            let mut response = Response::new(Full::from(body));
            *response.status_mut() = status.try_into().unwrap();
            *response.version_mut() = Version::HTTP_2;
            for (name, value) in headers {
                response.headers_mut().append(name, value);
            }
            Ok(response)
        })
    }
}
