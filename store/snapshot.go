package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"reflect"
	"unsafe"

	"rehearse/bank"
)

// encode writes a value down: numbers and lengths as varints, of structs the fields that are set, and each text once, at the end. Where a text stands there is
// its number. It knows the kinds that catalogs are made of; any other is a mistake of the programmer.
func encode(value any) []byte {
	e := encoder{numbers: map[string]uint64{}}
	e.put(reflect.ValueOf(value))
	out := binary.AppendUvarint(nil, uint64(len(e.texts)))
	for _, text := range e.texts {
		out = binary.AppendUvarint(out, uint64(len(text)))
	}
	out = binary.AppendUvarint(out, uint64(len(e.out)))
	out = append(out, e.out...)
	for _, text := range e.texts {
		out = append(out, text...)
	}
	return out
}

type encoder struct {
	out     []byte
	texts   []string
	numbers map[string]uint64 // of the texts
}

func (e *encoder) put(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		var set uint64 // the fields that are not zero: the others, half of them, take no time when they are read
		for i := range v.NumField() {
			if !v.Field(i).IsZero() {
				set |= 1 << i
			}
		}
		e.out = binary.AppendUvarint(e.out, set)
		for ; set != 0; set &= set - 1 {
			e.put(v.Field(bits.TrailingZeros64(set)))
		}
	case reflect.Slice:
		if v.IsNil() {
			e.out = append(e.out, 0)
			return
		}
		e.out = binary.AppendUvarint(e.out, uint64(v.Len())+1)
		for i := range v.Len() {
			e.put(v.Index(i))
		}
	case reflect.String:
		n, ok := e.numbers[v.String()]
		if !ok {
			n = uint64(len(e.texts))
			e.numbers[v.String()], e.texts = n, append(e.texts, v.String())
		}
		e.out = binary.AppendUvarint(e.out, n)
	case reflect.Int, reflect.Int64:
		e.out = binary.AppendVarint(e.out, v.Int())
	case reflect.Pointer: // never nil
		e.put(v.Elem())
	case reflect.Bool:
		n := byte(0)
		if v.Bool() {
			n = 1
		}
		e.out = append(e.out, n)
	default:
		panic("store: cannot encode a " + v.Type().String())
	}
}

// Together returns copies of heads whose texts lie one behind the other, each once.
func Together(heads []*bank.Head) (together []*bank.Head) {
	if err := decode(encode(heads), &together); err != nil {
		panic(err) // it was written a moment ago
	}
	return together
}

// decode reads into what a pointer points to what encode wrote of the same type. The texts are parts of data, which is not
// to be changed after that.
func decode(data []byte, into any) (err error) {
	d := decoder{data: data, room: map[reflect.Type]reflect.Value{}}
	defer func() {
		if p := recover(); p != nil { // of an index out of range: data is not what was written
			err = fmt.Errorf("decode: %v", p)
		}
	}()
	lengths := make([]uint64, d.count())
	for i := range lengths {
		lengths[i] = d.uvarint()
	}
	values := d.uvarint()
	texts := data[uint64(len(data)-len(d.data))+values:]
	d.data = d.data[:values]
	d.texts = make([]string, len(lengths))
	for i, n := range lengths {
		d.texts[i], texts = unsafe.String(unsafe.SliceData(texts), len(texts[:n])), texts[n:]
	}
	d.get(reflect.ValueOf(into).Elem())
	if len(d.data)+len(texts) > 0 {
		return errors.New("decode: something is left over")
	}
	return nil
}

type decoder struct {
	data  []byte // what is left
	texts []string
	room  map[reflect.Type]reflect.Value // for further elements, by their type
}

func (d *decoder) uvarint() uint64 {
	n, size := binary.Uvarint(d.data)
	if size <= 0 {
		panic("no number")
	}
	d.data = d.data[size:]
	return n
}

// count is a number of things of which each takes a byte at least.
func (d *decoder) count() int {
	n := d.uvarint()
	if n > uint64(len(d.data)) {
		panic("too many")
	}
	return int(n)
}

// slice returns a slice of n elements. Many lie in one piece of memory: each by itself would be one more thing to be collected, and
// after a load it would lie among all that is needed no more, and keep its pages.
func (d *decoder) slice(of reflect.Type, n int) reflect.Value {
	const together = 256
	left := d.room[of]
	if !left.IsValid() || left.Len() < n {
		left = reflect.MakeSlice(reflect.SliceOf(of), max(n, together), max(n, together))
	}
	d.room[of] = left.Slice(n, left.Len())
	return left.Slice3(0, n, n)
}

func (d *decoder) get(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for set := d.uvarint(); set != 0; set &= set - 1 {
			d.get(v.Field(bits.TrailingZeros64(set)))
		}
	case reflect.Slice:
		n := d.count()
		if n == 0 {
			return
		}
		v.Set(d.slice(v.Type().Elem(), n-1))
		for i := range n - 1 {
			d.get(v.Index(i))
		}
	case reflect.String:
		v.SetString(d.texts[d.uvarint()])
	case reflect.Int, reflect.Int64:
		n, size := binary.Varint(d.data)
		if size <= 0 || v.OverflowInt(n) {
			panic("no number")
		}
		d.data = d.data[size:]
		v.SetInt(n)
	case reflect.Pointer:
		v.Set(d.slice(v.Type().Elem(), 1).Index(0).Addr())
		d.get(v.Elem())
	case reflect.Bool:
		v.SetBool(d.data[0] != 0)
		d.data = d.data[1:]
	default:
		panic("cannot decode a " + v.Type().String())
	}
}
