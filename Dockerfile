# authentik-stub as an image with one static program and nothing else.
#   docker build -t authentik-stub .
#   docker run --rm -p 9000:9000 authentik-stub
FROM rust:1.95-alpine AS build
RUN apk add --no-cache gcc musl-dev make perl
WORKDIR /src
COPY . .
# hyper alone carries the answers, so that far fewer crates are compiled.
RUN cargo build --release --locked -p authentik-stub --no-default-features --features certificates,cli,durable

FROM scratch
COPY --from=build /src/target/release/authentik-stub /authentik-stub
USER 65534:65534
EXPOSE 9000
# Beyond loopback the tokens are random: docker logs shows them, or AUTHENTIK_STUB_CONTROL_TOKEN and a fixture set them.
ENV AUTHENTIK_STUB_LISTEN=":9000"
HEALTHCHECK --interval=2s --timeout=2s --start-period=1s --retries=15 \
    CMD ["/authentik-stub", "wait", "http://127.0.0.1:9000", "--timeout", "1"]
ENTRYPOINT ["/authentik-stub"]
