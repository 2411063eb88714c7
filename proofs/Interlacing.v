(** Removing features cannot lower the smallest non-zero eigenvalue if Sigma is invertible
    (chapter 7), and can lower it if not (chapter 14). *)
From mathcomp Require Import all_ssreflect all_algebra.
Require Import Compat Euclid Algorithm1 RealNumbers Theorem5 Rayleigh.

Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory Compat.
Local Open Scope ring_scope.

(** [mu] is an eigenvalue of [Sigma_AA], which acts on the vectors that vanish outside [A]. *)
Definition eigenvalue_on n p (Phi : 'M[R]_(n, p)) (A : {set 'I_p}) (mu : R) : Prop :=
  exists2 x : 'cV[R]_p, x != 0 &
    (forall j, j \notin A -> x j 0 = 0) /\
    (forall j, j \in A -> (Sigma Phi *m x) j 0 = mu * x j 0).

(** Under Definition 4 the smallest eigenvalue of Sigma is a bound for every set of features. *)
Theorem interlacing n p (Phi : 'M[R]_(n, p)) (lambda_min mu : R) (A : {set 'I_p}) :
  full_column_rank Phi -> smallest_nonzero_eigenvalue (Sigma Phi) lambda_min ->
  eigenvalue_on Phi A mu -> lambda_min <= mu.
Proof.
move=> rank eig [x x0 [off on]].
have n0 : 0 < n%:R :> R.
  rewrite lt_neqAle eq_sym ler0n andbT; case: eig => l0 [u u0 eu] _.
  apply: contraNneq l0 => n0; move/esym/eqP: eu.
  by rewrite /Sigma n0 invr0 scale0r mul0mx scaler_eq0 (negbTE u0) orbF.
have low : lambda_min * sqnorm x <= dot x (Sigma Phi *m x).
  by rewrite Sigma_form [X in _ <= X]mulrC ler_pdivlMr // [X in X <= _]mulrC mulrA form_low.
have N0 := sqnorm_gt0 x0.
rewrite -(ler_pM2r _ _ N0); apply: (le_trans low).
rewrite /sqnorm /dot mulr_sumr; apply: ler_sum => j _.
by case: (boolP (j \in A)) => [/on -> | /off ->]; rewrite ?mul0r ?mulr0 // mulrCA.
Qed.

(** The features [e1], [c e1 + d e2] and [e2] in the plane, up to a factor [sqrt n]; their
    covariance; and that of the first two. *)
Definition plane (c d : R) : 'M[R]_(2, 3) := matrix_of 2 3 [:: [:: 1; c; 0]; [:: 0; d; 1]].
Definition before (c d : R) : 'M[R]_3 :=
  matrix_of 3 3 [:: [:: 1; c; 0]; [:: c; 1; d]; [:: 0; d; 1]].
Definition after (c : R) : 'M[R]_2 := matrix_of 2 2 [:: [:: 1; c]; [:: c; 1]].

Section Falls.
Variables c d : R.
Hypothesis circle : c ^+ 2 + d ^+ 2 = 1.
Hypothesis c0 : 0 < c.
Hypothesis d0 : 0 < d.
Let before := before c d.

Lemma before_is_covariance : before = (plane c d)^T *m plane c d.
Proof.
by apply/matrixP => [[[|[|[|i]]] hi] [[|[|[|j]]] hj]] //=;
  rewrite !mxE !big_ord_recl big_ord0 !mxE /= ?mul0r ?mulr0 ?mul1r ?mulr1 ?addr0 ?add0r -?expr2.
Qed.

Lemma sum3 (F : 'I_3 -> R) : \sum_i F i = F 0 + F 1 + F (lift 0 (lift 0 0)).
Proof.
by rewrite !big_ord_recl big_ord0 addr0 !addrA; congr (_ + F _ + _); apply: val_inj.
Qed.

Lemma smallest_before mu : mu != 0 -> eigenvalue before mu -> 1 <= mu.
Proof.
move=> mu0 [x x0 ex]; pose u := x 0 0; pose v := x 1 0; pose w := x (lift 0 (lift 0 0)) 0.
have at_ i : (before *m x) i 0 = mu * x i 0 by rewrite ex mxE.
have e1 : u + c * v = mu * u by rewrite -at_ mxE sum3 !mxE /= mul1r mul0r addr0.
have e2 : c * u + v + d * w = mu * v by rewrite -at_ mxE sum3 !mxE /= mul1r.
have e3 : d * v + w = mu * w by rewrite -at_ mxE sum3 !mxE /= mul1r mul0r add0r.
have [v0 | v0] := eqVneq v 0.
  have [u0 | u0] := eqVneq u 0; last first.
    have : (mu - 1) * u = 0 by rewrite mulrBl -e1 v0 mulr0 addr0 mul1r subrr.
    by move/eqP; rewrite mulf_eq0 (negbTE u0) orbF subr_eq0 => /eqP ->.
  have [w0 | w0] := eqVneq w 0; last first.
    have : (mu - 1) * w = 0 by rewrite mulrBl -e3 v0 mulr0 add0r mul1r subrr.
    by move/eqP; rewrite mulf_eq0 (negbTE w0) orbF subr_eq0 => /eqP ->.
  case/eqP: x0; apply/colP => [[[|[|[|i]]] hi]] //; rewrite [RHS]mxE.
  - by rewrite -[RHS]u0; congr (x _ _); apply: val_inj.
  - by rewrite -[RHS]v0; congr (x _ _); apply: val_inj.
  - by rewrite -[RHS]w0; congr (x _ _); apply: val_inj.
have : mu * (mu - 2%:R) * v = 0.
  have -> : mu * (mu - 2%:R) * v = (mu - 1) * (mu * v - v) - v by ring.
  have -> : mu * v - v = c * u + d * w by rewrite -e2; ring.
  have -> : (mu - 1) * (c * u + d * w) - v
      = c * (mu * u - u) + d * (mu * w - w) - v by ring.
  rewrite -e1 -e3; have -> : c * (u + c * v - u) + d * (d * v + w - w) - v
      = (c ^+ 2 + d ^+ 2 - 1) * v by ring.
  by rewrite circle subrr mul0r.
move/eqP; rewrite !mulf_eq0 (negbTE mu0) (negbTE v0) orbF subr_eq0 /= => /eqP ->.
by rewrite ler1n.
Qed.

Lemma smaller_after : eigenvalue (after c) (1 - c) /\ 0 < 1 - c < 1.
Proof.
have c1 : c < 1.
  rewrite -ltr_sqr ?nnegrE ?ler01 ?(ltW c0) // expr1n -circle.
  by rewrite ltrDl exprn_gt0.
split; last by rewrite subr_gt0 c1 ltrBlDr ltrDl c0.
exists (vector_of 2 [:: 1; -1]).
  by apply/eqP => /colP /(_ 0) /eqP; rewrite !mxE /= oner_eq0.
apply/colP => [[[|[|i]] hi]] //; rewrite !mxE !big_ord_recl big_ord0 !mxE /=; ring.
Qed.

Lemma at_one : eigenvalue before 1.
Proof.
exists (vector_of 3 [:: d; 0; - c]).
  by apply/eqP => /colP /(_ 0) /eqP; rewrite !mxE /= gt_eqF.
apply/colP => [[[|[|[|i]]] hi]] //; rewrite !mxE sum3 !mxE /=; ring.
Qed.
End Falls.

(** For a singular Sigma the smallest non-zero eigenvalue can fall, here from 1 to [1 - c]. *)
Theorem smallest_eigenvalue_can_fall (c d : R) : c ^+ 2 + d ^+ 2 = 1 -> 0 < c -> 0 < d ->
  before c d = (plane c d)^T *m plane c d /\
  smallest_nonzero_eigenvalue (before c d) 1 /\
  eigenvalue (after c) (1 - c) /\ 0 < 1 - c < 1.
Proof.
move=> circle c0 d0; split; first exact: before_is_covariance circle.
split; last exact: smaller_after circle c0 d0.
by split; [exact: oner_neq0 | exact: at_one | exact: smallest_before].
Qed.
