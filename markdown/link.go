package markdown

import (
	"fmt"
	"html"
	"io/fs"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// maxImage is the largest image, in bytes.
const maxImage = 2 << 20

var (
	linkSchemes = []string{"http", "https", "mailto"}
	imageTypes  = []string{".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg"}
)

// target returns the path below the content root that a relative destination means. It returns false when the
// destination is not relative or leads out of the root.
func (d *Document) target(dest string) (string, bool) {
	u, err := url.Parse(dest)
	if d.bare || err != nil || u.Scheme != "" || u.Host != "" || u.Path == "" || strings.HasPrefix(u.Path, "/") {
		return "", false
	}
	target := path.Join(path.Dir(d.Path), u.Path)
	return target, fs.ValidPath(target)
}

// href returns where a link leads on a page, or "" when it leads nowhere: Markdown files are not served as such.
func (d *Document) href(dest string) string {
	if u, err := url.Parse(dest); err == nil && slices.Contains(linkSchemes, strings.ToLower(u.Scheme)) {
		return u.String()
	}
	target, ok := d.target(dest)
	if !ok || path.Ext(target) == ".md" {
		return ""
	}
	return mediaURL(target)
}

func mediaURL(target string) string {
	return (&url.URL{Path: "/media/" + target}).String()
}

func (r nodeRenderer) openLink(n ast.Node) string {
	link := n.(*ast.Link)
	href := r.d.href(unescape(link.Destination))
	if href == "" {
		return ""
	}
	title := ""
	if len(link.Title) > 0 {
		title = ` title="` + html.EscapeString(unescape(link.Title)) + `"`
	}
	return fmt.Sprintf(`<a href="%s"%s rel="noopener">`, html.EscapeString(href), title)
}

func (r nodeRenderer) closeLink(n ast.Node) string {
	if r.d.href(unescape(n.(*ast.Link).Destination)) == "" {
		return ""
	}
	return "</a>"
}

func (r nodeRenderer) autoLink(n ast.Node) string {
	link := n.(*ast.AutoLink)
	label := html.EscapeString(string(link.Label(r.d.text)))
	href := r.d.href(autoDestination(link, r.d.text))
	if href == "" {
		return label
	}
	return fmt.Sprintf(`<a href="%s" rel="noopener">%s</a>`, html.EscapeString(href), label)
}

func autoDestination(link *ast.AutoLink, text []byte) string {
	dest := string(link.URL(text))
	if link.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(strings.ToLower(dest), "mailto:") {
		return "mailto:" + dest
	}
	return dest
}

func (r nodeRenderer) image(n ast.Node) string {
	image := n.(*ast.Image)
	alt := strings.Join(r.d.inlineLines(Children(image)), " ")
	return r.d.imageHTML(unescape(image.Destination), alt, unescape(image.Title), "")
}

// imageHTML shows an image below the content root, and nothing for any other; its text where no image is shown at all.
func (d *Document) imageHTML(dest, alt, title, size string) string {
	target, ok := d.target(dest)
	if !ok && d.bare {
		return html.EscapeString(alt)
	}
	if !ok {
		return ""
	}
	if title != "" {
		title = ` title="` + html.EscapeString(title) + `"`
	}
	return fmt.Sprintf(`<img src="%s" alt="%s"%s%s loading="lazy">`,
		html.EscapeString(mediaURL(target)), html.EscapeString(alt), title, size)
}

// checkLink reports a link that leads nowhere. The network is never asked.
func (d *Document) checkLink(at int, dest string) {
	u, err := url.Parse(dest)
	switch {
	case dest == "":
		d.Errorf(at, "link-broken", "the link has no address; write it between the round brackets")
	case err != nil:
		d.Errorf(at, "link-broken", "%q is not a URL; correct it", dest)
	case slices.Contains(linkSchemes, strings.ToLower(u.Scheme)):
		if u.Scheme != "mailto" && u.Host == "" {
			d.Errorf(at, "link-broken", "%q names no host; correct it", dest)
		}
	case u.Scheme != "":
		d.Errorf(at, "link-broken", "links to %s: are not allowed; use https, http or mailto", u.Scheme)
	case u.Host != "" || strings.HasPrefix(u.Path, "/"):
		d.Errorf(at, "link-broken", "%q depends on where the page is served; write https:// or a relative path", dest)
	case u.Path == "":
		d.Errorf(at, "link-broken", "%q points into this page, whose headings have no anchors; name the question instead", dest)
	default:
		d.checkLinkTarget(at, dest)
	}
}

func (d *Document) checkLinkTarget(at int, dest string) {
	target, ok := d.target(dest)
	if !ok {
		d.Errorf(at, "link-broken", "%q leads out of the content folder; move the file into it", dest)
	} else if _, err := fs.Stat(d.files, target); err != nil {
		d.Errorf(at, "link-broken", "%s does not exist; correct the path", target)
	} else if path.Ext(target) != ".md" && !isImage(target) {
		d.Errorf(at, "link-broken", "%s is not served, only images are; link to its address on the web instead", target)
	}
}

func isImage(target string) bool {
	return slices.Contains(imageTypes, strings.ToLower(path.Ext(target)))
}

// checkImage reports an image that cannot be shown.
func (d *Document) checkImage(at int, dest, alt string) {
	if strings.TrimSpace(alt) == "" {
		d.Warnf(at, "image-alt", "the image has no text for those who cannot see it; write ![what it shows](…)")
	}
	target, ok := d.target(dest)
	if !ok {
		d.Errorf(at, "image-escape", "%q is not a file of the content folder; copy the image there and link to it relatively", dest)
		return
	}
	if !isImage(target) {
		d.Errorf(at, "image-type", "%s is not an image that can be shown; use png, jpeg, gif, webp or svg", target)
		return
	}
	info, err := fs.Stat(d.files, target)
	switch {
	case err != nil || !info.Mode().IsRegular():
		d.Errorf(at, "image-missing", "%s does not exist; correct the path or add the file", target)
	case info.Size() >= maxImage:
		d.Errorf(at, "image-size", "%s is larger than %d MB; make it smaller", target, maxImage>>20)
	}
}
