package cli

import (
	"fmt"
	"reflect"

	"github.com/larkspur-dev/larkspur/helix"
)

// paramsType is the struct type for an endpoint: first its query, then its body.
func paramsType(e *helix.Endpoint) reflect.Type {
	var fields []reflect.StructField
	for i, q := range e.Query {
		fields = append(fields, reflect.StructField{
			Name: fmt.Sprintf("Query%d", i), Type: fieldType(q), Tag: reflect.StructTag(`url:"` + q.Name + `" json:"-"`),
		})
	}
	return reflect.StructOf(append(fields, bodyFields(e.Body)...))
}

func bodyFields(params []helix.Param) []reflect.StructField {
	fields := make([]reflect.StructField, len(params))
	for i, b := range params {
		fields[i] = reflect.StructField{
			Name: fmt.Sprintf("Body%d", i), Type: fieldType(b), Tag: reflect.StructTag(`json:"` + b.Name + `,omitzero"`),
		}
	}
	return fields
}

// fieldType returns a type whose nil means that the parameter is not given.
func fieldType(p helix.Param) reflect.Type {
	t := valueType(p)
	switch {
	case p.Repeated:
		return reflect.SliceOf(t)
	case t.Kind() == reflect.Map:
		return t
	}
	return reflect.PointerTo(t)
}

func valueType(p helix.Param) reflect.Type {
	switch p.Type {
	case helix.Integer:
		return reflect.TypeFor[int64]()
	case helix.Number:
		return reflect.TypeFor[float64]()
	case helix.Boolean:
		return reflect.TypeFor[bool]()
	case helix.Object:
		if len(p.Fields) > 0 {
			return reflect.StructOf(bodyFields(p.Fields))
		}
		return reflect.TypeFor[map[string]any]()
	case helix.Map:
		return reflect.TypeFor[map[string]any]()
	case helix.String:
	}
	return reflect.TypeFor[string]()
}

// typeName returns JSON's name of a type.
func typeName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Int64, reflect.Float64:
		return "number"
	case reflect.Bool:
		return "boolean"
	case reflect.Slice:
		return "array"
	case reflect.Struct, reflect.Map:
		return "object"
	default:
		return "string"
	}
}
