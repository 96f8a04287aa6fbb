# The image of the action and of the command line: one static binary on nothing.
# It builds with BuildKit and with the classic builder (so no RUN --mount, no COPY --chmod, no heredocs), from source, for
# whatever platform is asked for and without emulation: Go cross-compiles.
ARG GO_IMAGE=golang:1.26.8-alpine

# "linux" alone means the builder's own processor: for builders that do not set BUILDPLATFORM.
FROM --platform=${BUILDPLATFORM:-linux} ${GO_IMAGE} AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
# Empty TARGETOS and TARGETARCH (the classic builder) mean the builder's own. Everything in the image gets one time, so that
# the same source gives the same layer.
ARG TARGETOS TARGETARCH VERSION REVISION SOURCE_DATE_EPOCH=0
RUN CGO_ENABLED=0 GOOS="${TARGETOS}" GOARCH="${TARGETARCH}" go build -trimpath -buildvcs=false \
      -ldflags="-s -w -X github.com/tljh-policy/tljh-policy/internal/cli.Version=${VERSION} -X github.com/tljh-policy/tljh-policy/internal/cli.Revision=${REVISION}" \
      -o /image/tljh-policy ./cmd/tljh-policy \
    && mkdir -p /image/etc/ssl/certs /image/tmp \
    && chmod 1777 /image/tmp \
    && cp /etc/ssl/certs/ca-certificates.crt /image/etc/ssl/certs/ \
    && find /image -exec touch -d "@${SOURCE_DATE_EPOCH}" {} +

FROM scratch
COPY --from=build /image/ /
ARG VERSION REVISION
LABEL org.opencontainers.image.title="tljh-policy" \
      org.opencontainers.image.description="Checks that the repository of a TLJH hub makes a production-ready hub" \
      org.opencontainers.image.source="https://github.com/tljh-policy/tljh-policy" \
      org.opencontainers.image.documentation="https://github.com/tljh-policy/tljh-policy/blob/main/docs/github-action.md" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# No USER and no WORKDIR: the runner sets the working directory, and its workspace belongs to a user that only root may write for.
# No shell: the runner's INPUT_FAIL-ON and the like would not survive one.
ENTRYPOINT ["/tljh-policy"]
