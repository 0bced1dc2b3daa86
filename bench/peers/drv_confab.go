package main

// Confab, all services in one process: subscribers by WebSocket with a ticket
// each, publishers by gRPC (plain HTTP/2 of the standard library, the few
// messages encoded by hand). CONFAB names the folder of a built checkout.

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

func init() {
	register("confab", func() Driver { return &confabDriver{} })
}

const (
	confabPort     = 18310 // HTTP; gRPC and the gateway take the next two
	confabGrpcPort = confabPort + 1
	confabWsPort   = confabPort + 2
)

type confabDriver struct {
	version, token string
	channels       []string // ids by index
}

func (d *confabDriver) Version() string { return d.version }

func (d *confabDriver) Start(env *Env) error {
	checkout := os.Getenv("CONFAB")
	if checkout == "" {
		return errors.New("CONFAB names no checkout")
	}
	d.version = "confab, " + strings.TrimSpace(cmdOutput("git", "-C", checkout, "describe", "--always", "--dirty")) +
		", node " + strings.TrimSpace(cmdOutput("node", "--version"))
	data := filepath.Join(env.Dir, "data")
	program := filepath.Join(absPath(checkout), "dist", "services", "local", "main.js")
	if _, err := env.Spawn("server", []string{"NODE_ENV=production"}, "node", program,
		"--data", data, "--port", strconv.Itoa(confabPort), "--json"); err != nil {
		return err
	}
	if err := env.WaitPort(confabWsPort); err != nil {
		return err
	}
	token, err := os.ReadFile(filepath.Join(data, "token"))
	if err != nil {
		return err
	}
	d.token = strings.TrimSpace(string(token))
	return d.createChannels(env.Channels)
}

func (d *confabDriver) createChannels(count int) error {
	d.channels = make([]string, count)
	calls := newGrpcCaller(d.token)
	defer calls.close()
	return parallel(64, count, func(i int) error {
		answer, err := calls.call("confab.v1.Directory/CreateConversation", appendBytes(nil, 1, []byte("bench-"+chName(i))))
		if err != nil {
			return err
		}
		d.channels[i] = string(firstBytes(firstBytes(answer)))
		if !strings.HasPrefix(d.channels[i], "C") {
			return fmt.Errorf("no id in the answer %q", answer)
		}
		return nil
	})
}

func (d *confabDriver) Dial(i int) (*Conn, error) {
	req, _ := http.NewRequest("POST", fmt.Sprintf("http://127.0.0.1:%d/api/rtm.connect", confabPort), nil)
	req.Header.Set("Authorization", "Bearer "+d.token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	var answer struct{ URL, Ticket, Error string }
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
		return nil, err
	}
	at, err := url.Parse(answer.URL)
	if err != nil || answer.Ticket == "" {
		return nil, fmt.Errorf("rtm.connect: %s %v", answer.Error, err)
	}
	port, _ := strconv.Atoi(at.Port())
	c, err := dialWS(port, at.Path, "confab.v1.json, confab.ticket."+answer.Ticket, i)
	if err == nil {
		_, err = c.ReadUntil(`"hello"`)
	}
	return c, err
}

func (d *confabDriver) Subscribe(c *Conn, chs []int) error {
	list := make([]string, len(chs))
	for i, ch := range chs {
		list[i] = `{"channelId":"` + d.channels[ch] + `"}`
	}
	frame := `{"requestId":1,"subscribe":{"channels":[` + strings.Join(list, ",") + `]}}`
	if err := c.Write(opText, []byte(frame)); err != nil {
		return err
	}
	_, err := c.ReadUntil(`"ready"`)
	return err
}

func (d *confabDriver) OnFrame(*Conn, []byte) {}

func (d *confabDriver) NewPublisher(int) (Publisher, error) {
	return &confabPub{d: d, calls: newGrpcCaller(d.token)}, nil
}

// confabPub posts one message a call and waits until it is stored.
type confabPub struct {
	d            *confabDriver
	calls        *grpcCaller
	message, req []byte
}

func (p *confabPub) Publish(ch int, body []byte) error {
	p.message = appendBytes(p.message[:0], 1, body) // NewMessage.text
	p.req = appendBytes(p.req[:0], 1, []byte(p.d.channels[ch]))
	p.req = appendBytes(p.req, 2, p.message)
	p.req = append(p.req, 3<<3, 1) // first_attempt
	_, err := p.calls.call("confab.v1.Messaging/PostMessage", p.req)
	return err
}

func (p *confabPub) Close() error { p.calls.close(); return nil }

// grpcCaller makes unary calls over a connection of its own.
type grpcCaller struct {
	transport *http.Transport
	token     string
}

func newGrpcCaller(token string) *grpcCaller {
	var protocols http.Protocols
	protocols.SetUnencryptedHTTP2(true)
	return &grpcCaller{&http.Transport{Protocols: &protocols, DisableCompression: true}, token}
}

func (g *grpcCaller) close() { g.transport.CloseIdleConnections() }

func (g *grpcCaller) call(method string, message []byte) ([]byte, error) {
	n := len(message)
	body := append([]byte{0, byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}, message...)
	req, err := http.NewRequest("POST", fmt.Sprintf("http://127.0.0.1:%d/%s", confabGrpcPort, method), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/grpc")
	req.Header.Set("TE", "trailers")
	req.Header.Set("Authorization", "Bearer "+g.token)
	req.Header.Set("Grpc-Timeout", "20S")
	res, err := g.transport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	// A refusal has its status in the headers, an answer behind its body.
	status, text := res.Trailer.Get("Grpc-Status"), res.Trailer.Get("Grpc-Message")
	if status == "" {
		status, text = res.Header.Get("Grpc-Status"), res.Header.Get("Grpc-Message")
	}
	if status != "0" || len(answer) < 5 {
		return nil, fmt.Errorf("%s: status %q %s", method, status, text)
	}
	return answer[5:], nil
}

// appendBytes appends a field with a length before its bytes (Protobuf's wire type 2).
func appendBytes(dst []byte, field int, value []byte) []byte {
	dst = append(dst, byte(field<<3|2))
	n := len(value)
	for ; n > 0x7f; n >>= 7 {
		dst = append(dst, byte(n)|0x80)
	}
	return append(append(dst, byte(n)), value...)
}

// firstBytes is the value of field 1 at the beginning of a message, or nil.
func firstBytes(message []byte) []byte {
	if len(message) < 2 || message[0] != 1<<3|2 {
		return nil
	}
	n, shift, at := 0, 0, 1
	for ; at < len(message); at++ {
		n |= int(message[at]&0x7f) << shift
		shift += 7
		if message[at] < 0x80 {
			break
		}
	}
	at++
	return message[min(at, len(message)):min(at+n, len(message))]
}
