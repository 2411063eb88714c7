(** The smallest eigenvalue of a symmetric matrix bounds its quadratic form. The spectral theorem
    is not needed: the largest [mu] with [mu |x|^2 <= x^T M x] for all [x] is an eigenvalue. *)
From mathcomp Require Import all_ssreflect all_algebra.
Require Import Compat Euclid Algorithm1 RealNumbers Theorem5.

Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory Compat.
Local Open Scope ring_scope.

Section Rayleigh.
Variable p : nat.

(** A quadratic form is at most a multiple of the squared norm. *)
Lemma form_bounded (K : 'M[R]_p) :
  exists2 C, 0 < C & forall x, dot x (K *m x) <= C * sqnorm x.
Proof.
exists (1 + \sum_i \sum_j `|K i j|) => [|x].
  by rewrite addrC ltr_pwDr ?ltr01 ?sumr_ge0 // => i _; rewrite sumr_ge0.
rewrite mulrDl mul1r addrC ler_wpDr ?sqnorm_ge0 //.
rewrite mulr_suml /dot; apply: ler_sum => i _.
rewrite mxE mulr_sumr mulr_suml; apply: ler_sum => j _.
have -> : x i 0 * (K i j * x j 0) = K i j * (x i 0 * x j 0) by ring.
apply: le_trans (ler_norm _) _; rewrite normrM ler_wpM2l ?normr_ge0 //.
rewrite -(ler_pM2l _ _ (_ : 0 < 2%:R)) ?ltr0n //.
apply: le_trans (_ : x i 0 ^+ 2 + x j 0 ^+ 2 <= _).
  rewrite normrM -[x i 0 ^+ 2]real_normK ?num_real // -[x j 0 ^+ 2]real_normK ?num_real //.
  rewrite -subr_ge0.
  have -> : `|x i 0| ^+ 2 + `|x j 0| ^+ 2 - 2%:R * (`|x i 0| * `|x j 0|)
    = (`|x i 0| - `|x j 0|) ^+ 2 by ring.
  exact: sqr_ge0.
by rewrite mulr_natl mulr2n lerD ?sqr_le_sqnorm.
Qed.

(** If a positive semidefinite matrix is invertible, it is positive definite. *)
Lemma definite (N : 'M[R]_p) : N^T = N -> (forall x, 0 <= dot x (N *m x)) -> N \in unitmx ->
  exists2 c, 0 < c & forall x, c * sqnorm x <= dot x (N *m x).
Proof.
move=> sym pos unit; have [C C0 CK] := form_bounded (invmx N).
exists C^-1 => [|x]; first by rewrite invr_gt0.
pose y := invmx N *m x; have Ny : N *m y = x by rewrite /y mulKVmx.
have := pos (x - C^-1 *: y); rewrite mulmxBr -scalemxAr Ny.
rewrite dotBl !dotBr !dotZr !dotZl (_ : dot y (N *m x) = sqnorm x); last first.
  by rewrite dotC adjoint sym Ny.
rewrite (dotC y x); move=> h; have := ler_wpM2l (_ : 0 <= C^-1 ^+ 2) (CK x).
rewrite sqr_ge0 => /(_ isT) k; rewrite -subr_ge0.
have -> : dot x (N *m x) - C^-1 * sqnorm x
  = (dot x (N *m x) - C^-1 * dot x x - (C^-1 * sqnorm x - C^-1 * (C^-1 * dot x y)))
    + (C^-1 ^+ 2 * (C * sqnorm x) - C^-1 ^+ 2 * dot x y).
  by rewrite /sqnorm; field; rewrite gt_eqF.
by rewrite addr_ge0 // subr_ge0.
Qed.

Theorem rayleigh (M : 'M[R]_p) (lambda : R) :
  M^T = M -> (forall x, 0 <= dot x (M *m x)) ->
  (forall mu, eigenvalue M mu -> lambda <= mu) ->
  forall x, lambda * sqnorm x <= dot x (M *m x).
Proof.
move=> sym pos low x0; have [-> | nz] := eqVneq x0 0.
  by rewrite /sqnorm /dot !big1 ?mulr0 // => i _; rewrite mxE mul0r.
pose T t := forall x, t * sqnorm x <= dot x (M *m x).
have T0 : T 0 by move=> x; rewrite mul0r.
have bound t x : T t -> x != 0 -> t <= dot x (M *m x) / sqnorm x.
  by move=> /(_ x) h /sqnorm_gt0 x1; rewrite ler_pdivlMr.
have [mu [up least]] := supremum T0 (fun t Tt => bound t x0 Tt nz).
have Tmu : T mu.
  move=> x; have [-> | xn] := eqVneq x 0.
    by rewrite /sqnorm /dot !big1 ?mulr0 // => i _; rewrite mxE mul0r.
  by rewrite -ler_pdivlMr ?sqnorm_gt0 //; apply: least => t Tt; apply: bound.
suff /low le_mu : eigenvalue M mu.
  by apply: le_trans (Tmu x0); rewrite ler_wpM2r ?sqnorm_ge0.
have form x : dot x ((M - mu%:M) *m x) = dot x (M *m x) - mu * sqnorm x.
  by rewrite mulmxBl mul_scalar_mx dotBr dotZr.
have [inv | /singular [x xn e]] := boolP (M - mu%:M \in unitmx); last first.
  exists x => //; apply/eqP; rewrite -subr_eq0 -mul_scalar_mx -mulmxBl; exact/eqP.
have sym' : (M - mu%:M)^T = M - mu%:M by rewrite linearB /= sym tr_scalar_mx.
have [|c c0 more] := definite sym' _ inv; first by move=> x; rewrite form subr_ge0.
have /up : T (mu + c).
  by move=> x; rewrite mulrDl -subr_ge0 opprD addrA -form subr_ge0.
by rewrite -subr_ge0 opprD addNKr oppr_ge0 leNgt c0.
Qed.
End Rayleigh.

(** Definition 4 bounds the norm of [Phi x] from below. *)
Lemma form_low n p (Phi : 'M[R]_(n, p)) lambda_min x :
  full_column_rank Phi -> smallest_nonzero_eigenvalue (Sigma Phi) lambda_min ->
  n%:R * lambda_min * sqnorm x <= sqnorm (Phi *m x).
Proof.
move=> rank [_ _ lmin]; have [n0 | n0] := eqVneq (n%:R : R) 0.
  by rewrite n0 !mul0r sqnorm_ge0.
have psd u : 0 <= dot u (Sigma Phi *m u).
  by rewrite Sigma_form mulr_ge0 ?invr_ge0 ?ler0n ?sqnorm_ge0.
have low mu : eigenvalue (Sigma Phi) mu -> lambda_min <= mu.
  move=> eig; apply: lmin (eig); case: eig => u un eu; apply: contraNneq un => mu0.
  apply/eqP/rank/sqnorm_eq0/eqP; move: (Sigma_form Phi u).
  rewrite eu mu0 scale0r /dot big1 => [/esym/eqP | i _]; last by rewrite mxE mulr0.
  by rewrite mulf_eq0 invr_eq0 (negbTE n0).
have := rayleigh (Sigma_sym Phi) psd low x; rewrite Sigma_form.
have nR : 0 < n%:R :> R by rewrite lt_neqAle eq_sym n0 ler0n.
by rewrite -(ler_pM2l _ _ nR) mulrA mulrA divff ?mul1r.
Qed.
