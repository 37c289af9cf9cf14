# 静态的一个文件，不以 root 运行。见 docs/running.md。
# One static file, not run as root. See docs/running.md.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o /out/linli ./cmd/linli \
 && mkdir -p /out/data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /usr/share/zoneinfo /usr/share/zoneinfo
COPY --from=build /out/linli /linli
COPY --from=build --chown=65532:65532 /out/data /data
USER 65532:65532
WORKDIR /data
VOLUME /data
ENV LINLI_LISTEN=0.0.0.0:8080 \
    LINLI_DRAIN=5s \
    LINLI_LOG=json
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["/linli", "ready", "http://127.0.0.1:8080"]
ENTRYPOINT ["/linli"]
CMD ["serve"]
