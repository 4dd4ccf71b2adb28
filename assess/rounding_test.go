package assess

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// Go may compute x*y + z with one rounding instead of two, and does so on some machines only. A conversion to float64
// around the product forbids it. This test reads the package: every product of two values must stand in a conversion,
// unless both are whole numbers or constants. (A division by 2 may be fused, too, and gives the same: halves are exact.)
func TestEveryProductIsRounded(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	products := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		n, loose := looseProducts(file)
		products += n
		for _, p := range loose {
			t.Errorf("%s: a product that may be fused; write float64(x * y)", fset.Position(p))
		}
	}
	if products < 50 {
		t.Errorf("only %d products were found", products)
	}
}

func TestLooseProductsAreFound(t *testing.T) {
	const source = `package p
func f(x, y, z float64, n int) float64 {
	a := x*y + z
	x *= y
	b := float64(x*y) + z
	c := float64(2*n)
	return float64((x*y)) + z - x*(y+z) + a + b + c
}`
	file, err := parser.ParseFile(token.NewFileSet(), "", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	if n, loose := looseProducts(file); n != 6 || len(loose) != 3 {
		t.Errorf("%d of %d products are loose, want 3 of 6", len(loose), n)
	}
}

// looseProducts returns how many products a file has outside of constants, and the places of those without a conversion.
func looseProducts(file *ast.File) (int, []token.Pos) {
	n := 0
	rounded := map[ast.Node]bool{}
	var loose []token.Pos
	ast.Inspect(file, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.GenDecl:
			return node.Tok != token.CONST // constants are exact
		case *ast.CallExpr:
			if name, ok := node.Fun.(*ast.Ident); ok && (name.Name == "float64" || name.Name == "int" || name.Name == "below") {
				for _, arg := range node.Args {
					rounded[ast.Unparen(arg)] = true
				}
			}
		case *ast.BinaryExpr:
			if node.Op == token.MUL {
				n++
				if !rounded[node] && !whole(node) {
					loose = append(loose, node.OpPos)
				}
			}
		case *ast.AssignStmt:
			if node.Tok == token.MUL_ASSIGN {
				n++
				loose = append(loose, node.TokPos)
			}
		}
		return true
	})
	return n, loose
}

// whole reports whether a product is one of whole numbers: both sides are literals, lengths, or names that the package uses
// for counts.
func whole(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.BasicLit:
		return e.Kind == token.INT
	case *ast.BinaryExpr:
		return whole(e.X) && whole(e.Y) || isHex(e.Y)
	case *ast.CallExpr:
		name, ok := e.Fun.(*ast.Ident)
		return ok && (name.Name == "len" || name.Name == "int")
	case *ast.SelectorExpr:
		constant, ok := e.X.(*ast.Ident)
		return e.Sel.Name == "precise" || e.Sel.Name == "n" || ok && constant.Name == "math"
	}
	return false
}

// isHex reports whether a factor is written in hexadecimal, as only those of hashes are.
func isHex(e ast.Expr) bool {
	literal, ok := e.(*ast.BasicLit)
	return ok && strings.HasPrefix(literal.Value, "0x")
}
