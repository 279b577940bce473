import protobuf from 'protobufjs';

/**
 * The part of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto (release 1.18, IR 13) that we read and write.
 * Field numbers are ONNX's; repeated numbers are packed, which every reader accepts and which keeps trees small.
 * Enums are plain int32 here, so that a value of a newer ONNX is read as a number rather than refused.
 */
const onnxProto = `
syntax = "proto3";
package onnx;

message ModelProto {
  int64 ir_version = 1;
  string producer_name = 2;
  string producer_version = 3;
  GraphProto graph = 7;
  repeated OperatorSetIdProto opset_import = 8;
  repeated StringStringEntryProto metadata_props = 14;
  repeated FunctionProto functions = 25;
}
message OperatorSetIdProto { string domain = 1; int64 version = 2; }
message StringStringEntryProto { string key = 1; string value = 2; }
message FunctionProto { string name = 1; repeated NodeProto node = 7; string domain = 10; }

message GraphProto {
  repeated NodeProto node = 1;
  string name = 2;
  repeated TensorProto initializer = 5;
  repeated ValueInfoProto input = 11;
  repeated ValueInfoProto output = 12;
  repeated SparseTensorProto sparse_initializer = 15;
}
message NodeProto {
  repeated string input = 1;
  repeated string output = 2;
  string name = 3;
  string op_type = 4;
  repeated AttributeProto attribute = 5;
  string domain = 7;
}
message AttributeProto {
  string name = 1;
  float f = 2;
  int64 i = 3;
  bytes s = 4;
  TensorProto t = 5;
  GraphProto g = 6;
  repeated float floats = 7;
  repeated int64 ints = 8;
  repeated bytes strings = 9;
  repeated TensorProto tensors = 10;
  repeated GraphProto graphs = 11;
  int32 type = 20;
  SparseTensorProto sparse_tensor = 22;
  repeated SparseTensorProto sparse_tensors = 23;
}
message TensorProto {
  repeated int64 dims = 1;
  int32 data_type = 2;
  repeated float float_data = 4;
  repeated int32 int32_data = 5;
  repeated bytes string_data = 6;
  repeated int64 int64_data = 7;
  string name = 8;
  bytes raw_data = 9;
  repeated double double_data = 10;
  repeated StringStringEntryProto external_data = 13;
  int32 data_location = 14;
}
message SparseTensorProto { TensorProto values = 1; TensorProto indices = 2; }

message ValueInfoProto { string name = 1; TypeProto type = 2; }
message TypeProto {
  oneof value {
    TensorTypeProto tensor_type = 1;
    SequenceTypeProto sequence_type = 4;
    MapTypeProto map_type = 5;
    SequenceTypeProto optional_type = 9;
  }
}
message TensorTypeProto { int32 elem_type = 1; TensorShapeProto shape = 2; }
message SequenceTypeProto { TypeProto elem_type = 1; }
message MapTypeProto { int32 key_type = 1; TypeProto value_type = 2; }
message TensorShapeProto { repeated Dimension dim = 1; }
message Dimension { oneof value { int64 dim_value = 1; string dim_param = 2; } }
`;

/** Reads and writes a serialised ONNX model. */
export const modelProto = protobuf.parse(onnxProto, { keepCase: true }).root.lookupType('onnx.ModelProto');

/** `AttributeProto.AttributeType`. */
export const attributeType = {
  float: 1,
  int: 2,
  string: 3,
  tensor: 4,
  graph: 5,
  floats: 6,
  ints: 7,
  strings: 8,
} as const;

/** `TensorProto.DataType` of the element types Millrace feeds and reads. */
export const dataType = {
  float32: 1,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float64: 11,
} as const;

/** Element types of constants. */
export const constantType = { ...dataType, uint8: 2 } as const;
